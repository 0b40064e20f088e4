using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Shapes;

namespace MLNetExtensions.Onnx.Tests.Shapes;

/// <summary>A node written in short, for tables of tests.</summary>
internal static class ShapeCase
{
    /// <summary>Infers the types of a node's outputs.</summary>
    /// <param name="opType">The operator.</param>
    /// <param name="inputs">
    /// Inputs with "|" between them: sizes of floats "2,3"; "i:2,3" of 64-bit integers; "=1,2" 64-bit integers that are known now;
    /// "~0.5,2" floats that are known; "" one that is not given; "." a scalar.
    /// </param>
    /// <param name="attributes">Attributes with blanks between them: "axis=1", "pads=[1,1]", "mode='max'".</param>
    /// <returns>The outputs' sizes with "|" between them; "Int64[...]" where they are no floats.</returns>
    public static string Infer(string opType, string inputs, string attributes)
    {
        var values = new LoweringValues();
        string[] given = inputs.Split('|');
        var names = new string[given.Length];
        for (int i = 0; i < given.Length; i++)
        {
            string input = given[i].Trim();
            names[i] = input.Length == 0 ? "" : $"in{i}";
            if (input.StartsWith('='))
            {
                long[] known = Integers(input[1..]);
                values.AddConstant(OnnxTensor.FromInt64s(names[i], [known.Length], known));
            }
            else if (input.StartsWith('~'))
            {
                float[] known =
                [
                    .. input[1..].Split(',').Select(text => float.Parse(text, System.Globalization.CultureInfo.InvariantCulture)),
                ];
                values.AddConstant(OnnxTensor.FromFloats(names[i], [known.Length], known));
            }
            else if (input.Length > 0)
            {
                bool isInteger = input.StartsWith("i:", StringComparison.Ordinal);
                values.Types[names[i]] = new TensorType(
                    isInteger ? OnnxElementType.Int64 : OnnxElementType.Float,
                    Integers(isInteger ? input[2..] : input)
                );
            }
        }
        OnnxNode node = OnnxNode.Create(
            opType,
            names,
            ["out"],
            [.. attributes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Attribute)]
        );
        return string.Join(
            " | ",
            ShapeInference
                .Infer(new LoweringNode(node, values))
                .Select(type =>
                    type.ElementType == OnnxElementType.Float
                        ? string.Join(',', type.Shape)
                        : $"{type.ElementType}[{string.Join(',', type.Shape)}]"
                )
        );
    }

    private static OnnxAttribute Attribute(string text)
    {
        string[] parts = text.Split('=', 2);
        return parts[1] switch
        {
            ['\'', .. var word, '\''] => OnnxAttribute.Of(parts[0], word),
            ['[', .. var list, ']'] => OnnxAttribute.Of(parts[0], Integers(list)),
            _ => OnnxAttribute.Of(parts[0], Integers(parts[1])[0]),
        };
    }

    private static long[] Integers(string text) =>
        text is "" or "." ? [] : [.. text.Split(',').Select(part => long.Parse(part, System.Globalization.CultureInfo.InvariantCulture))];
}
