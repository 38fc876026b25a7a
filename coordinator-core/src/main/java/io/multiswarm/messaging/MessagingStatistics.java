package io.multiswarm.messaging;

/**
 * What this node's messaging did since it started.
 *
 * @param messagesSent stored by our calls, of every kind
 * @param messagesReceived given to subscribers
 * @param errors calls that failed
 * @param activeSubscriptions of subscribers, several of a channel counted each
 * @param gapsFilled holes in what was heard live that were noticed and closed from the history
 * @param gapsAnnounced holes that could not be closed
 * @param lateReplies replies whose request was over
 */
public record MessagingStatistics(
    long messagesSent,
    long messagesReceived,
    long broadcastsSent,
    long targetedSent,
    long errors,
    long activeSubscriptions,
    long gapsFilled,
    long gapsAnnounced,
    long foreignMessages,
    long pendingRequests,
    long lateReplies) {}
