using MLNetExtensions.Backbones;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring;

/// <summary>Makes the ONNX models that are exported: a trained network and everything that scoring adds, in one graph.</summary>
internal static class ScoringGraph
{
    /// <summary>
    /// A network becomes a classifier: <paramref name="end"/> makes the output column, a probability for each class; ArgMax and
    /// LabelEncoder the name of the most probable class. The names of the classes become the slot names that ML.NET's ONNX transformer
    /// gives to the output column.
    /// </summary>
    public static OnnxGraph Classifier(
        OnnxGraph network,
        ImagePreprocessing preprocessing,
        ScoringNames names,
        ClassLabels labels,
        GraphEnd end,
        IReadOnlyDictionary<string, string> metadata
    )
    {
        string index = end.AddAs(
            names.LabelText + ".index",
            "ArgMax",
            [names.Output],
            OnnxAttribute.Of("axis", 1),
            OnnxAttribute.Of("keepdims", 1)
        );
        end.AddTexts(names.LabelText, index, labels.Texts);
        if (labels.Names is { } slotNames)
            end.AddSlotNames(names.Output, slotNames);
        return WithEnd(
            network,
            preprocessing,
            names,
            end,
            labels.Count,
            [OnnxValue.Create(names.LabelText, OnnxElementType.String, -1, 1)],
            metadata
        );
    }

    /// <summary>A network followed by other nodes; where it makes several views of each image, the model's output is their mean.</summary>
    /// <param name="network">The network; of its outputs the first is kept.</param>
    /// <param name="preprocessing">Says the size of the pixels.</param>
    /// <param name="names">The output column's name and those beside it.</param>
    /// <param name="end">The nodes from the network's output to the model's.</param>
    /// <param name="length">The number of output values.</param>
    /// <param name="more">Further outputs.</param>
    /// <param name="metadata">The model's own key-value pairs.</param>
    public static OnnxGraph WithEnd(
        OnnxGraph network,
        ImagePreprocessing preprocessing,
        ScoringNames names,
        GraphEnd end,
        int length,
        IReadOnlyList<OnnxValue> more,
        IReadOnlyDictionary<string, string> metadata
    )
    {
        if (PreprocessingGraph.ViewCount(network) is > 1 and int views)
            end.Average(views, length);
        network = Prepare(network, preprocessing, names, end.Names);
        var initializers = new OrderedDictionary<string, OnnxTensor>(network.Initializers);
        foreach (OnnxTensor constant in end.Constants)
            initializers.Add(constant.Name, constant);
        return network with
        {
            Opsets = end.Opsets(network.Opsets),
            Nodes = [.. network.Nodes, .. end.After(network.Outputs[0].Name)],
            Initializers = initializers,
            Outputs = [OnnxValue.Create(names.Output, OnnxElementType.Float, BatchOf(network), length), .. more],
            Metadata = Merge(network.Metadata, metadata),
        };
    }

    /// <summary>A network that makes features, [batch, ...] of any rank: they become one vector an image.</summary>
    /// <param name="network">The backbone, cut where its features are.</param>
    /// <param name="preprocessing">Says the size of the pixels.</param>
    /// <param name="names">The output column's name and those beside it.</param>
    /// <param name="metadata">The model's own key-value pairs.</param>
    public static OnnxGraph Featurizer(
        OnnxGraph network,
        ImagePreprocessing preprocessing,
        ScoringNames names,
        IReadOnlyDictionary<string, string> metadata
    )
    {
        network = Prepare(network, preprocessing, names, []);
        return network with
        {
            Nodes = [.. network.Nodes, OnnxNode.Create("Flatten", [network.Outputs[0].Name], [names.Output], OnnxAttribute.Of("axis", 1))],
            Outputs = [OnnxValue.Create(names.Output, OnnxElementType.Float, BatchOf(network), -1)],
            Metadata = Merge(network.Metadata, metadata),
        };
    }

    /// <summary>Keeps the first output only, frees the names that scoring needs, and gives the input its name.</summary>
    private static OnnxGraph Prepare(
        OnnxGraph network,
        ImagePreprocessing preprocessing,
        ScoringNames names,
        IReadOnlyCollection<string> added
    )
    {
        if (network.Inputs.Count != 1 || network.Inputs[0].ElementType != OnnxElementType.Float)
            throw new OnnxFormatException(
                $"The network '{network.Name}' has the inputs {string.Join("; ", network.Inputs)}; "
                    + $"scoring needs exactly one, float [batch, {preprocessing.ChannelCount}, {preprocessing.CanvasHeight}, "
                    + $"{preprocessing.CanvasWidth}]."
            );
        network = ReservedNames.Free(network, [names.Output, names.Pixels, .. added]);
        string input = network.Inputs[0].Name;
        return network with
        {
            Inputs =
            [
                OnnxValue.Create(
                    names.Pixels,
                    OnnxElementType.Float,
                    BatchOf(network),
                    preprocessing.ChannelCount,
                    preprocessing.CanvasHeight,
                    preprocessing.CanvasWidth
                ),
            ],
            Nodes = [OnnxNode.Create("Identity", [names.Pixels], [input]), .. network.Nodes],
            Outputs = [network.Outputs[0]],
        };
    }

    /// <summary>A network for one image at a time stays one.</summary>
    private static long BatchOf(OnnxGraph network) => BatchAxis.IsOne(network) ? 1 : -1;

    private static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> old, IReadOnlyDictionary<string, string> added)
    {
        var merged = new Dictionary<string, string>(old);
        foreach ((string key, string value) in added)
            merged[key] = value;
        return merged;
    }
}
