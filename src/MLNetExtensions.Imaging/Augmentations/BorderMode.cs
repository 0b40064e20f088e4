namespace MLNetExtensions.Imaging.Augmentations;

/// <summary>The pixels shown beyond the edge of an image.</summary>
public enum BorderMode
{
    /// <summary>One gray level, the operation's Fill.</summary>
    Constant,

    /// <summary>The image mirrored at its edge, with the edge itself shown once (NumPy's and PyTorch's <c>reflect</c>).</summary>
    Reflect,

    /// <summary>The nearest pixel of the edge.</summary>
    Edge,
}
