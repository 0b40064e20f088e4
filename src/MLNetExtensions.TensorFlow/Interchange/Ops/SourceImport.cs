using MLNetExtensions.Onnx;

namespace MLNetExtensions.TensorFlow.Interchange.Ops;

/// <summary>Constants, what passes a value on, and variables.</summary>
internal static class SourceImport
{
    public static IEnumerable<KeyValuePair<string, ImportOp>> Ops =>
        [
            new(
                "Const",
                (_, n, _) => [Constant(TensorReading.Read(n.Attribute("value")?.Tensor ?? throw n.Error("has no value."), n.Name))]
            ),
            .. Pass("Identity"),
            .. Pass("StopGradient"),
            .. Pass("PlaceholderWithDefault"),
            .. Pass("PreventGradient"),
            .. Pass("CheckNumerics"),
            .. Pass("Snapshot"),
            new("IdentityN", (_, _, x) => x),
            new("NoOp", (_, _, _) => []),
        ];

    /// <summary>A constant; a short list of integers is known as such too.</summary>
    public static ImportedValue Constant(OnnxTensor tensor) =>
        new(tensor.Name, tensor.ElementType, [.. tensor.Shape])
        {
            Constant = tensor,
            Ints =
                tensor.ElementType is OnnxElementType.Int32 or OnnxElementType.Int64 && tensor.Shape.Count <= 1 && tensor.Count <= 1024
                    ? tensor.ToInt64s()
                    : null,
        };

    private static IEnumerable<KeyValuePair<string, ImportOp>> Pass(string type) => [new(type, (_, _, x) => [x[0]])];
}
