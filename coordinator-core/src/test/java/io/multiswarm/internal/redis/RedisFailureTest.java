package io.multiswarm.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.netty.channel.ChannelException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.EncoderException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each failure of Redis, as Redis words it: its class, its code and its advice. */
class RedisFailureTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          LOADING Redis is loading the dataset in memory | LOADING | UNAVAILABLE | loading its data
          BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE. | BUSY | UNAVAILABLE | SCRIPT KILL
          ERR Script killed by user with SCRIPT KILL... script: ab, on @user_script:1. | BUSY | UNAVAILABLE | SCRIPT KILL
          TRYAGAIN Multiple keys request during rehashing of slot | CLUSTER_DOWN | UNAVAILABLE | CLUSTER INFO
          CLUSTERDOWN The cluster is down | CLUSTER_DOWN | UNAVAILABLE | CLUSTER INFO
          MOVED 3999 127.0.0.1:6381 | MOVED | UNAVAILABLE | its owner is looked for
          ASK 3999 127.0.0.1:6381 | MOVED | UNAVAILABLE | its owner is looked for
          CROSSSLOT Keys in request don't hash to the same slot | CROSS_SLOT | UNAVAILABLE | name it
          NOSCRIPT No matching script. Please use EVAL. | FORGOTTEN | UNAVAILABLE | forgot a script
          READONLY You can't write against a read only replica. | READ_ONLY | UNAVAILABLE | master's address
          UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?) | READ_ONLY | UNAVAILABLE | master's address
          MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'. | MASTER_DOWN | UNAVAILABLE | without its master
          NOREPLICAS Not enough good replicas to write. | NO_REPLICAS | UNAVAILABLE | min-replicas-to-write
          OOM command not allowed when used memory > 'maxmemory'. | OUT_OF_MEMORY | RESOURCE_EXHAUSTED | raise maxmemory
          MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. | DISK | UNAVAILABLE | disk is not full
          MISCONF Errors writing to the AOF file: No space left on device | DISK | UNAVAILABLE | disk is not full
          ERR max number of clients reached | CLIENTS | UNAVAILABLE | maxclients
          NOAUTH Authentication required. | PASSWORD | UNAVAILABLE | the password
          WRONGPASS invalid username-password pair or user is disabled. | PASSWORD | UNAVAILABLE | the password
          ERR invalid password | PASSWORD | UNAVAILABLE | the password
          NOPERM this user has no permissions to run the 'evalsha' command | PERMISSION | UNAVAILABLE | ACL
          DENIED Redis is running in protected mode because protected mode is enabled | PROTECTED | UNAVAILABLE | let it listen
          ERR unknown command 'FOO' | MISSING | UNAVAILABLE | not renamed or disabled
          ERR Unknown Redis command called from script script: ab, on @user_script:1. | MISSING | UNAVAILABLE | not renamed or disabled
          ERR The user executing the script can't run this command or subcommand script: ab, on @user_script:1. | PERMISSION | UNAVAILABLE | ACL
          NOPERM ACL failure in script: User x has no permissions to run the 'memory' command script: ab, on @user_script:1. | PERMISSION | UNAVAILABLE | ACL
          ERR DB index is out of range | DATABASE | UNAVAILABLE | give another one
          ERR SELECT is not allowed in cluster mode | DATABASE | UNAVAILABLE | in a cluster none
          ERR Error compiling script (new function): user_script:1: unexpected symbol near '#' | TOO_OLD | UNAVAILABLE | 7.0 or newer
          WRONGTYPE Operation against a key holding the wrong kind of value | WRONG_TYPE | FAILED_PRECONDITION | give the fleet a name
          ERR max daily request limit exceeded. | REFUSED | UNAVAILABLE | Redis refuses a command
          THROTTLED slow down | REFUSED | UNAVAILABLE | Redis refuses a command
          ERR user_script:1: attempt to perform arithmetic on a nil value script: ab, on @user_script:1. | OTHER | INTERNAL | nil value
          ERR syntax error | OTHER | INTERNAL | syntax error
          """)
  void wordsOfRedis_haveTheirClassCodeAndAdvice(
      String words, RedisFailure failure, ErrorCode code, String advice) {
    RedisCommandExecutionException thrown = new RedisCommandExecutionException(words);
    assertThat(RedisFailure.of(thrown)).isEqualTo(failure);
    CoordinationException told = (CoordinationException) RedisFailure.translate("a call", thrown);
    assertThat(told.code()).isEqualTo(code);
    assertThat(told.message()).contains(advice).contains(words.substring(0, 10));
    if (code != ErrorCode.INTERNAL) {
      assertThat(told.getStackTrace()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ERR Error running script (call to f_ab): @user_script:12: @user_script: 12: -READONLY You can't write | READ_ONLY
          ERR Error running script (call to f_ab): @user_script:9: -MISCONF Redis is configured to save | DISK
          READONLY You can't write against a read only replica. script: ab, on @user_script:12. | READ_ONLY
          OOM command not allowed when used memory > 'maxmemory'. script: ab, on @user_script:1. | OUT_OF_MEMORY
          """)
  void errorInsideAScript_isThatOfTheCommand(String words, RedisFailure failure) {
    assertThat(RedisFailure.byText(words)).isEqualTo(failure);
  }

  @Test
  void wordsBelowAFailedConnection_decide() {
    RedisConnectionException thrown =
        new RedisConnectionException(
            "Unable to connect", new RedisException("WRONGPASS invalid username-password pair"));
    assertThat(RedisFailure.of(thrown)).isEqualTo(RedisFailure.PASSWORD);
    assertThat(RedisFailure.of(thrown).isConfiguration()).isTrue();
    assertThat(RedisFailure.translate("connect", thrown)).hasMessageContaining("WRONGPASS");
  }

  static Stream<Throwable> errorsOfAConnectionThatEnds() {
    return Stream.of(
        new RedisException("Connection closed"),
        new CancellationException(),
        new CompletionException(new CancellationException("Command cancelled")),
        new DecoderException(new SSLException("closed in the middle of a record")),
        new EncoderException("Cannot encode command", new ClosedChannelException()),
        new ChannelException("no more descriptors"),
        new ClosedChannelException(),
        new IOException("Connection reset by peer"));
  }

  /** In whatever clothes it comes: the outcome is unknown, and the caller is told so. */
  @ParameterizedTest
  @MethodSource("errorsOfAConnectionThatEnds")
  void errorOfAConnectionThatEnds_isRepeatedAndNoDefect(Throwable thrown) {
    assertThat(RedisFailure.of(thrown)).isEqualTo(RedisFailure.BROKEN);
    assertThat(RedisFailure.of(thrown).repeatable()).isTrue();
    CoordinationException told = (CoordinationException) RedisFailure.translate("a call", thrown);
    assertThat(told.code()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(told.message()).contains("the outcome is unknown");
    assertThat(told.retryAfter()).isNotNull();
  }

  @Test
  void defect_isToldAsOne() {
    for (Throwable defect :
        List.of(new IllegalStateException("x"), new UnsupportedOperationException("x"))) {
      assertThat(RedisFailure.of(defect)).isEqualTo(RedisFailure.OTHER);
    }
  }

  @Test
  void brokenConnection_isRepeated_andAnOverloadIsNot() {
    assertThat(RedisFailure.of(new RedisException("Connection closed")).repeatable()).isTrue();
    CommandsInFlight.OverloadException overload = new CommandsInFlight.OverloadException(4_096);
    assertThat(RedisFailure.of(overload).repeatable()).isFalse();
    CoordinationException told = (CoordinationException) RedisFailure.translate("a call", overload);
    assertThat(told.code()).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
    assertThat(told.retryAfter()).isNotNull();
  }
}
