namespace MLNetExtensions.Onnx.Operators;

/// <summary>The origin of the shapes of an operator's outputs.</summary>
internal enum OutputShape
{
    /// <summary>Nothing that is known: the operator has no shape rule, and is not trained.</summary>
    Unshaped,

    /// <summary>A rule of its own, in <c>Shapes/</c>.</summary>
    OwnShape,

    /// <summary>The first input: type and shape are its.</summary>
    FirstShape,

    /// <summary>All inputs, broadcast to each other; the type is the first one's.</summary>
    BroadcastShape,

    /// <summary>As <see cref="BroadcastShape"/>, of truth values.</summary>
    TruthShape,

    /// <summary>The first input without what the axes reduce.</summary>
    ReducedShape,
}
