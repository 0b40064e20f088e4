using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring.Export.Opsets;

/// <summary>The rules of activations, which are written with simpler operators.</summary>
internal static class ActivationRules
{
    public static IEnumerable<OpsetRule> All { get; } = [new("HardSwish", 14, HardSwish), new("Mish", 18, Mish), new("Gelu", 20, Gelu)];

    private static void HardSwish(NodeConversion node) =>
        InFloats(
            node,
            (x, _) => ("Mul", x, node.Add("HardSigmoid", [x], OnnxAttribute.Of("alpha", 1f / 6), OnnxAttribute.Of("beta", 0.5f)))
        );

    private static void Mish(NodeConversion node) => InFloats(node, (x, _) => ("Mul", x, node.Add("Tanh", [node.Add("Softplus", [x])])));

    private static void Gelu(NodeConversion node) =>
        InFloats(
            node,
            (x, type) =>
            {
                string share =
                    node.Node.String("approximate", "none") == "tanh"
                        ? node.Add("Tanh", [Cubic(x, type)])
                        : node.Add("Erf", [node.Add("Mul", [x, node.Scalar(Math.Sqrt(0.5), type)])]);
                return ("Mul", node.Add("Mul", [x, node.Scalar(0.5, type)]), node.Add("Add", [share, node.Scalar(1, type)]));

                string Cubic(string value, OnnxElementType element)
                {
                    string cube = node.Add("Mul", [value, node.Add("Mul", [value, value])]);
                    string sum = node.Add("Add", [value, node.Add("Mul", [cube, node.Scalar(0.044715, element)])]);
                    return node.Add("Mul", [sum, node.Scalar(Math.Sqrt(2 / Math.PI), element)]);
                }
            }
        );

    /// <summary>
    /// Writes a formula whose last step has two inputs. One of 16-bit floats is computed in 32 bits, or each step would round.
    /// </summary>
    private static void InFloats(NodeConversion node, Func<string, OnnxElementType, (string OpType, string Left, string Right)> formula)
    {
        OnnxElementType type = node.ElementType(node.Node.Inputs[0]);
        OnnxElementType within = type is OnnxElementType.Float16 or OnnxElementType.BFloat16 ? OnnxElementType.Float : type;
        (string opType, string left, string right) = formula(node.Cast(node.Node.Inputs[0], type, within), within);
        if (within == type)
            node.Finish(opType, [left, right]);
        else
            node.Finish("Cast", [node.Add(opType, [left, right])], OnnxAttribute.Of("to", (long)type));
    }
}
