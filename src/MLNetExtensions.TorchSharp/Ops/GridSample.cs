using F = TorchSharp.torch.nn.functional;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__GridSample.html">GridSample</see>, and
/// <see href="https://onnx.ai/onnx/operators/onnx__AffineGrid.html">AffineGrid</see>, which makes its grids; both come from PyTorch.
/// </summary>
internal static class GridSample
{
    public static OpKernel Compile(OpCompilation op)
    {
        bool alignCorners = op.Node.Int("align_corners", 0) != 0;
        torch.GridSampleMode mode = op.Node.String("mode", "linear") switch
        {
            "linear" => torch.GridSampleMode.Bilinear,
            "nearest" => torch.GridSampleMode.Nearest,
            string other => throw op.Unsupported($"mode '{other}'"),
        };
        torch.GridSamplePaddingMode padding = op.Node.String("padding_mode", "zeros") switch
        {
            "zeros" => torch.GridSamplePaddingMode.Zeros,
            "border" => torch.GridSamplePaddingMode.Border,
            "reflection" => torch.GridSamplePaddingMode.Reflection,
            string other => throw op.Unsupported($"padding_mode '{other}'"),
        };
        return (inputs, run) => [F.grid_sample(run.ToFloat32(inputs[0]!), run.ToFloat32(inputs[1]!), mode, padding, alignCorners)];
    }

    public static OpKernel CompileAffineGrid(OpCompilation op)
    {
        long[] size = op.ConstantInt64s(1)!;
        bool alignCorners = op.Node.Int("align_corners", 0) != 0;
        return (inputs, run) => [F.affine_grid(run.ToFloat32(inputs[0]!), size, alignCorners)];
    }
}
