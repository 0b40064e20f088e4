namespace MLNetExtensions.Training;

/// <summary>Adds to the targets of a batch what is computed from its images, such as a teacher's logits.</summary>
internal interface ITargetCompletion
{
    /// <summary>Writes the extra values behind the labels of each row.</summary>
    /// <param name="pixels">The batch's images, [count, channels, height, width] of 0 to 255.</param>
    /// <param name="count">The number of images.</param>
    /// <param name="targets">The rows' targets.</param>
    void Complete(Memory<float> pixels, int count, Span<float> targets);
}
