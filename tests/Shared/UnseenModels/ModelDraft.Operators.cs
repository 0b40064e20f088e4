using MLNetExtensions.Onnx;
using static MLNetExtensions.Onnx.OnnxAttribute;

namespace MLNetExtensions.UnseenModels;

/// <content>Operators whose form depends on the opset.</content>
internal sealed partial class ModelDraft
{
    public string Reshape(string x, params long[] shape) => Node("Reshape", [x, Longs(shape)]);

    public string Transpose(string x, params long[] perm) => Node("Transpose", [x], Of("perm", perm));

    public string Squeeze(string x, params long[] axes) =>
        Opset < 13 ? Node("Squeeze", [x], Of("axes", axes)) : Node("Squeeze", [x, Longs(axes)]);

    public string Unsqueeze(string x, params long[] axes) =>
        Opset < 13 ? Node("Unsqueeze", [x], Of("axes", axes)) : Node("Unsqueeze", [x, Longs(axes)]);

    public string Mean(string x, bool keepDimensions, params long[] axes) =>
        Opset < 18
            ? Node("ReduceMean", [x], Of("axes", axes), Of("keepdims", keepDimensions ? 1L : 0))
            : Node("ReduceMean", [x, Longs(axes)], Of("keepdims", keepDimensions ? 1L : 0));

    public string Clip(string x, float low, float high) =>
        Opset < 11 ? Node("Clip", [x], Of("min", low), Of("max", high)) : Node("Clip", [x, Scalar(low), Scalar(high)]);

    public string Pad(string x, params long[] pads) =>
        Opset < 11
            ? Node("Pad", [x], Of("mode", "constant"), Of("pads", pads), Of("value", 0f))
            : Node("Pad", [x, Longs(pads)], Of("mode", "constant"));

    public string Slice(string x, long start, long end, long axis, long step = 1) =>
        Opset < 10
            ? Node("Slice", [x], Of("starts", [start]), Of("ends", [end]), Of("axes", [axis]))
            : Node("Slice", [x, Longs(start), Longs(end), Longs(axis), Longs(step)]);

    public string[] Split(string x, long axis, params long[] parts) =>
        Opset < 13
            ? Nodes("Split", [x], parts.Length, Of("axis", axis), Of("split", parts))
            : Nodes("Split", [x, Longs(parts)], parts.Length, Of("axis", axis));

    public string Dropout(string x, float ratio = 0.5f) =>
        Opset < 12 ? Node("Dropout", [x], Of("ratio", ratio)) : Node("Dropout", [x, Scalar(ratio)]);

    public string Softmax(string x, long axis = 1) => Node("Softmax", [x], Of("axis", axis));

    public string Add(string a, string b) => Node("Add", [a, b]);

    public string Mul(string a, string b) => Node("Mul", [a, b]);

    public string Concat(long axis, params string[] values) => Node("Concat", values, Of("axis", axis));

    public string Gather(string x, string indices, long axis) => Node("Gather", [x, indices], Of("axis", axis));

    public string Cast(string x, OnnxElementType type) => Node("Cast", [x], Of("to", (long)type));

    public string Flatten(string x, long axis = 1) => Node("Flatten", [x], Of("axis", axis));

    public string Relu(string x) => Node("Relu", [x]);

    public string MaxPool(string x, int kernel = 2, int stride = 2, int pad = 0) =>
        Node("MaxPool", [x], Of("kernel_shape", kernel, kernel), Of("strides", stride, stride), Of("pads", pad, pad, pad, pad));

    public string AveragePool(string x, int kernel = 2, int stride = 2) =>
        Node("AveragePool", [x], Of("kernel_shape", kernel, kernel), Of("strides", stride, stride));

    public string GlobalPool(string x) => Node("GlobalAveragePool", [x]);

    /// <summary>The first dimension of a value, as TorchScript and tf2onnx write it: Shape, then Gather.</summary>
    public string BatchOf(string x) => Gather(Node("Shape", [x]), Long(0), 0);

    /// <summary>A Reshape to [batch, sizes] by Shape, Gather, Unsqueeze, Concat.</summary>
    public string ReshapeByShape(string x, params long[] sizes) => ReshapeLike(x, x, sizes);

    /// <summary>The same with the first dimension of another value.</summary>
    public string ReshapeLike(string x, string other, params long[] sizes) =>
        Node("Reshape", [x, Concat(0, [Unsqueeze(BatchOf(other), 0), .. sizes.Select(s => Longs(s))])]);
}
