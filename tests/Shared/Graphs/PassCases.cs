using MLNetExtensions.Onnx;
using Xunit;

namespace MLNetExtensions.TestData.Graphs;

/// <summary>Small graphs for passes, and the check that a changed graph computes what the original does in ONNX Runtime.</summary>
internal static class PassCases
{
    /// <summary>A graph of opset 17 from "x" to the last node's first output.</summary>
    public static OnnxGraph Graph(long[] input, OnnxNode[] nodes, params OnnxTensor[] initializers) =>
        new()
        {
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, input)],
            Outputs = [new OnnxValue(nodes[^1].Outputs[0], OnnxElementType.Float, null)],
            Nodes = nodes,
            Initializers = new OrderedDictionary<string, OnnxTensor>(initializers.Select(t => KeyValuePair.Create(t.Name, t))),
        };

    /// <summary>Scale, bias, mean and variance of a BatchNormalization of a name.</summary>
    public static OnnxTensor[] Norm(string name, int channels)
    {
        var random = new Random(channels);
        return [Of("scale", 0.5f, 1.5f), Of("bias", -1, 1), Of("mean", -1, 1), Of("var", 0.2f, 2)];

        OnnxTensor Of(string part, float low, float high) =>
            OnnxTensor.FromFloats(
                $"{name}.{part}",
                [channels],
                [.. Enumerable.Range(0, channels).Select(_ => low + (high - low) * random.NextSingle())]
            );
    }

    public static OnnxNode NormNode(string input, string name, string output) =>
        OnnxNode.Create(
            "BatchNormalization",
            [input, $"{name}.scale", $"{name}.bias", $"{name}.mean", $"{name}.var"],
            [output],
            OnnxAttribute.Of("epsilon", 1e-3f)
        );

    /// <summary>Checks in ONNX Runtime that two graphs compute the same of random rows; an open batch is tried with two sizes.</summary>
    public static void AssertSame(OnnxGraph expected, OnnxGraph actual, double tolerance = 1e-5)
    {
        Assert.Equal(expected.Inputs.Select(i => i.ToString()), actual.Inputs.Select(i => i.ToString()));
        foreach (long batch in expected.Inputs[0].Shape![0].Size is long size ? [size] : new long[] { 1, 3 })
        {
            Dictionary<string, OnnxTensor> inputs = expected
                .Inputs.Select(
                    (input, i) => DrawnTensor.Normal(input.Name, i + 1, [batch, .. input.Shape!.Skip(1).Select(d => d.Size ?? 32)])
                )
                .ToDictionary(t => t.Name);
            OnnxTensor[] want = OrtRunner.Run(expected, inputs),
                got = OrtRunner.Run(actual, inputs);
            for (int i = 0; i < want.Length; i++)
                OrtRunner.AssertClose(want[i], got[i], tolerance);
        }
    }
}
