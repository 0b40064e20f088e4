using MLNetExtensions.Onnx;

namespace MLNetExtensions.Training.Metrics;

/// <summary>Puts a temperature into a classifier's graph.</summary>
internal static class TemperatureGraph
{
    public static OnnxGraph Apply(OnnxGraph classifier, double temperature)
    {
        HashSet<string> outputs = [.. classifier.Outputs.Select(output => output.Name)];
        List<OnnxNode> ends = [.. classifier.Nodes.Where(node => node is { OpType: "Softmax", Domain: "" } && IsOutput(node.Outputs[0]))];
        if (ends.Count != 1)
            throw new ArgumentException(
                $"The network '{classifier.Name}' has {ends.Count} outputs that a Softmax makes; a temperature needs exactly one. "
                    + "Divide the logits of other networks by it where they are read.",
                nameof(classifier)
            );
        OnnxNode softmax = ends[0];
        string scale = Unique("temperature.inverse"),
            scaled = Unique(softmax.Inputs[0] + ".scaled");
        var initializers = new OrderedDictionary<string, OnnxTensor>(classifier.Initializers)
        {
            { scale, OnnxTensor.FromFloats(scale, [], [(float)(1 / temperature)]) },
        };
        return classifier with
        {
            Initializers = initializers,
            Nodes =
            [
                .. classifier.Nodes.SelectMany(node =>
                    node == softmax
                        ? [OnnxNode.Create("Mul", [softmax.Inputs[0], scale], [scaled]), softmax with { Inputs = [scaled] }]
                        : new[] { node }
                ),
            ],
        };

        // Directly, or as the mean over several views of an image.
        bool IsOutput(string value) =>
            outputs.Contains(value)
            || classifier.Nodes.Any(node =>
                node is { OpType: "Reshape" or "MatMul", Domain: "" } && node.Inputs.Contains(value) && IsOutput(node.Outputs[0])
            );

        string Unique(string wanted)
        {
            HashSet<string> used =
            [
                .. classifier.Inputs.Select(input => input.Name),
                .. classifier.Initializers.Keys,
                .. classifier.Nodes.SelectMany(node => node.Outputs),
            ];
            string name = wanted;
            for (int i = 1; used.Contains(name); i++)
                name = $"{wanted}.{i}";
            return name;
        }
    }
}
