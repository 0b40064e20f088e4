namespace MLNetExtensions.Onnx.Operators;

/// <summary>The effect of an operator on a further dimension of images in front of the others.</summary>
internal enum BatchRule
{
    /// <summary>A case of its own in <c>LiftRules</c>, or nothing that is known: then a trial must show it.</summary>
    OtherBatch,

    /// <summary>Nothing: it works element by element.</summary>
    EachElement,

    /// <summary>Nothing: of inputs [batch, channel, ...] it treats each image alone.</summary>
    EachImage,

    /// <summary>Nothing, where its one axis is another one.</summary>
    OneAxis,

    /// <summary>It may take one image's values into another's, or its axes are none that could be moved.</summary>
    MixedBatch,
}
