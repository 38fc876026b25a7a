package io.multiswarm.tasks;

import io.multiswarm.common.CoordinationException;
import org.jspecify.annotations.Nullable;

/** What became of one task of a batch: exactly one of the two is there. */
public record SubmitResult(
    @Nullable Submission submission, @Nullable CoordinationException refusal) {}
