namespace MLNetExtensions.Imaging.Masks;

/// <summary>The meaning of a mask's pixels.</summary>
internal sealed record MaskFormat
{
    /// <summary>The index of pixels that do not count, unless said otherwise (Pascal VOC, Cityscapes).</summary>
    public const int DefaultIgnoredIndex = 255;

    /// <summary>The number of classes, background included: indices are below it.</summary>
    public required int ClassCount { get; init; }

    /// <summary>The index of pixels that do not count; null if all do.</summary>
    public int? IgnoredIndex { get; init; } = DefaultIgnoredIndex;

    /// <summary>The index of each color (red, green, blue from the highest byte down); null for masks whose pixels are indices.</summary>
    public IReadOnlyDictionary<uint, byte>? Colors { get; init; }
}
