namespace MLNetExtensions.Explanation.Networks;

/// <summary>A method at work on a network. Not thread-safe. It holds native memory.</summary>
internal interface IAttribution : IDisposable
{
    /// <summary>The name of the layer that is looked at; null for the input.</summary>
    string? Layer { get; }

    /// <summary>Scores images: at most <see cref="AttributionSetting.BatchSize"/> of them.</summary>
    /// <param name="pixels">Their values, one image after another.</param>
    /// <param name="rows">The number of images.</param>
    /// <param name="logits">Receives the logits.</param>
    void Score(Memory<float> pixels, int rows, Span<float> logits);

    /// <summary>Explains the images that were scored last.</summary>
    /// <param name="pixels">Their values.</param>
    /// <param name="chosen">The output of each image that is explained.</param>
    /// <param name="firstRow">The number of the first image among all, for draws.</param>
    AttributionMap[] Explain(Memory<float> pixels, ReadOnlySpan<int> chosen, long firstRow);
}
