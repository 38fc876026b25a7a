-- The least that publishing a large message can be which is kept for a while: the append, the copy that is sent, the wake-up.
-- KEYS[1] stream: the last few messages
-- ARGV[1] the channel
-- ARGV[2] the message, without its opening brace
-- Result: 1
redis.call('XADD', KEYS[1], 'MAXLEN', 4, '*', 'm', ARGV[2])
redis.call('PUBLISH', ARGV[1], '{' .. ARGV[2])
return 1
