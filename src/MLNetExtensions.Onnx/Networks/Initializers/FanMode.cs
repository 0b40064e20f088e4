namespace MLNetExtensions.Onnx.Networks.Initializers;

/// <summary>The fan that scales the spread of a draw.</summary>
public enum FanMode
{
    /// <summary>The inputs of one output: keeps the variance in the forward pass.</summary>
    In,

    /// <summary>The outputs of one input: keeps it in the backward pass.</summary>
    Out,
}
