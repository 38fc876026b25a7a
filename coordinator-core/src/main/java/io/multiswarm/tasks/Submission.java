package io.multiswarm.tasks;

/**
 * An accepted task.
 *
 * @param taskId the first one's when the id or the dedupe key was known
 */
public record Submission(String taskId, TaskStatus status) {}
