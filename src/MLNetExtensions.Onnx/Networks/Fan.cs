namespace MLNetExtensions.Onnx.Networks;

/// <summary>The fan-in and fan-out of a weight; for a convolution each position of the kernel counts.</summary>
/// <param name="In">Inputs of one output: for Conv, input channels of its group times kernel area.</param>
/// <param name="Out">Outputs of one input: for Conv, output channels times kernel area.</param>
public readonly record struct Fan(double In, double Out)
{
    /// <summary>For parameters that connect nothing: scales, tokens.</summary>
    public static Fan None => new(1, 1);
}
