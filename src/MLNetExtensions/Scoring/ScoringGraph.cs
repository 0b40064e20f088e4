using MLNetExtensions.Data;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring;

/// <summary>Makes the ONNX models that are exported: a trained network and everything that scoring adds, in one graph.</summary>
internal static class ScoringGraph
{
    private const string MachineLearningDomain = "ai.onnx.ml";

    /// <summary>
    /// A network with logits [batch, classes] becomes a classifier: Softmax makes the output column, ArgMax and LabelEncoder the name of
    /// the most probable class. The names of the classes become the slot names that ML.NET's ONNX transformer gives to the output column.
    /// </summary>
    public static OnnxGraph Classifier(
        OnnxGraph network, ImagePreprocessing preprocessing, ScoringNames names, ClassLabels labels, IReadOnlyDictionary<string, string> metadata)
    {
        string index = names.LabelText + ".index", slots = names.SlotNamesNode + ".input", unused = names.SlotNamesNode + ".output";
        network = Prepare(network, preprocessing, names, [index, slots, unused, names.LabelText]);
        string logits = network.Outputs[0].Name;

        List<OnnxNode> nodes =
        [
            .. network.Nodes,
            OnnxNode.Create("Softmax", [logits], [names.Output], OnnxAttribute.Of("axis", 1)),
            OnnxNode.Create("ArgMax", [names.Output], [index], OnnxAttribute.Of("axis", 1), OnnxAttribute.Of("keepdims", 1)),
            LabelEncoder(names.LabelText, index, names.LabelText,
                OnnxAttribute.Of("keys_int64s", [.. Enumerable.Range(0, labels.Count).Select(i => (long)i)]),
                OnnxAttribute.Of("values_strings", [.. labels.Texts])),
        ];
        var initializers = new OrderedDictionary<string, OnnxTensor>(network.Initializers);
        if (labels.Names is { } slotNames)
        {
            initializers.Add(slots, OnnxTensor.FromStrings(slots, [1], [slotNames[0]]));
            nodes.Add(LabelEncoder(names.SlotNamesNode, slots, unused,
                OnnxAttribute.Of("keys_strings", [.. slotNames]),
                OnnxAttribute.Of("values_int64s", [.. Enumerable.Range(0, labels.Count).Select(i => (long)i)])));
        }
        return network with
        {
            Opsets = WithMachineLearning(network.Opsets),
            Nodes = nodes,
            Initializers = initializers,
            Outputs =
            [
                OnnxValue.Create(names.Output, OnnxElementType.Float, -1, labels.Count),
                OnnxValue.Create(names.LabelText, OnnxElementType.String, -1, 1),
            ],
            Metadata = Merge(network.Metadata, metadata),
        };
    }

    /// <summary>A network that makes features, [batch, ...] of any rank: they become one vector a picture.</summary>
    /// <param name="network">The backbone, cut where its features are.</param>
    /// <param name="preprocessing">Says the size of the pixels.</param>
    /// <param name="names">The output column's name and those beside it.</param>
    /// <param name="metadata">The model's own key-value pairs.</param>
    public static OnnxGraph Featurizer(
        OnnxGraph network, ImagePreprocessing preprocessing, ScoringNames names, IReadOnlyDictionary<string, string> metadata)
    {
        network = Prepare(network, preprocessing, names, []);
        return network with
        {
            Nodes = [.. network.Nodes, OnnxNode.Create("Flatten", [network.Outputs[0].Name], [names.Output], OnnxAttribute.Of("axis", 1))],
            Outputs = [OnnxValue.Create(names.Output, OnnxElementType.Float, -1, -1)],
            Metadata = Merge(network.Metadata, metadata),
        };
    }

    /// <summary>Keeps the first output only, frees the names that scoring needs, and gives the input its name.</summary>
    private static OnnxGraph Prepare(OnnxGraph network, ImagePreprocessing preprocessing, ScoringNames names, string[] added)
    {
        if (network.Inputs.Count != 1 || network.Inputs[0].ElementType != OnnxElementType.Float)
            throw new OnnxFormatException($"The network '{network.Name}' has the inputs {string.Join("; ", network.Inputs)}; " +
                $"scoring needs exactly one, float [batch, 3, {preprocessing.CanvasHeight}, {preprocessing.CanvasWidth}].");
        network = ReservedNames.Free(network, [names.Output, names.Pixels, .. added]);
        string input = network.Inputs[0].Name;
        return network with
        {
            Inputs = [OnnxValue.Create(names.Pixels, OnnxElementType.Float, -1, 3, preprocessing.CanvasHeight, preprocessing.CanvasWidth)],
            Nodes = [OnnxNode.Create("Identity", [names.Pixels], [input]), .. network.Nodes],
            Outputs = [network.Outputs[0]],
        };
    }

    private static OnnxNode LabelEncoder(string name, string input, string output, params OnnxAttribute[] attributes) =>
        OnnxNode.Create("LabelEncoder", [input], [output], attributes) with { Name = name, Domain = MachineLearningDomain };

    // Version 2 is the first with keys and values as attributes, and still what ONNX Runtime's oldest supported releases know.
    private static Dictionary<string, int> WithMachineLearning(IReadOnlyDictionary<string, int> opsets) => new(opsets)
    {
        [MachineLearningDomain] = Math.Max(2, opsets.GetValueOrDefault(MachineLearningDomain)),
    };

    private static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> old, IReadOnlyDictionary<string, string> added)
    {
        var merged = new Dictionary<string, string>(old);
        foreach ((string key, string value) in added)
            merged[key] = value;
        return merged;
    }
}
