using MLNetExtensions.Backbones;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Surgery;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers.FineTune;

/// <summary>The linear head of a model that this library trained, by the names of its classes: where a warm start begins.</summary>
internal sealed class KnownHead
{
    private readonly Dictionary<string, int> _classes;
    private readonly float[] _weights,
        _biases;
    private readonly int _features;

    private KnownHead(IReadOnlyList<string> labels, OnnxTensor weights, float[] biases)
    {
        _classes = labels.Select((label, i) => KeyValuePair.Create(label, i)).ToDictionary();
        (_weights, _biases, _features) = (weights.ToFloats(), biases, (int)weights.Shape[1]);
    }

    /// <summary>The head of a backbone that is a model of this library.</summary>
    /// <exception cref="ArgumentException">The backbone is no model with named classes and a linear head on its features.</exception>
    public static KnownHead Of(Backbone backbone)
    {
        OnnxGraph graph = backbone.Graph;
        string problem =
            $"{nameof(FineTuneOptions.WarmStart)} needs a model that FineTune trained, and the backbone '{backbone.Name}' is none: ";
        if (!ExportedModel.Is(graph))
            throw new ArgumentException(problem + "it does not state its preprocessing and its classes.");
        IReadOnlyList<string> labels = ScoringMetadata.Labels(graph.Metadata, $"'{backbone.Name}'");
        OnnxGraph network = ExportedModel.Network(graph);
        string features = backbone.FeatureNode ?? ClassifierSearch.FindFeatures(network).Value;
        OnnxNode? layer = network.Nodes.FirstOrDefault(n => n is { OpType: "Gemm", Domain: "" } && n.Inputs[0] == features);
        if (
            layer is not { Inputs.Count: 3 }
            || layer.Int("transB", 0) != 1
            || !network.Initializers.TryGetValue(layer.Inputs[1], out OnnxTensor? weights)
            || !network.Initializers.TryGetValue(layer.Inputs[2], out OnnxTensor? biases)
            || weights.Shape[0] != labels.Count
        )
            throw new ArgumentException(problem + $"no linear layer with a row for each of its {labels.Count} classes reads its features.");
        return new KnownHead(labels, weights, biases.ToFloats());
    }

    /// <summary>A head on standardized features that answers for the classes it knows as the model did; others stay as they are.</summary>
    /// <param name="head">The new head.</param>
    /// <param name="labels">Its classes.</param>
    /// <param name="mean">The features' means.</param>
    /// <param name="deviation">Their standard deviations.</param>
    /// <param name="known">Receives the number of known classes.</param>
    /// <exception cref="ArgumentException">The features are others, or no class is known.</exception>
    public OnnxGraph Apply(OnnxGraph head, IReadOnlyList<string> labels, float[] mean, float[] deviation, out int known)
    {
        if (mean.Length != _features)
            throw new ArgumentException($"The model's head reads {_features} features, and there are {mean.Length}.");
        float[] weights = head.Initializers[ClassificationHead.Weight].ToFloats(),
            biases = head.Initializers[ClassificationHead.Bias].ToFloats();
        known = 0;
        for (int c = 0; c < labels.Count; c++)
        {
            if (!_classes.TryGetValue(labels[c], out int old))
                continue;
            known++;
            // W x + b = (W d) (x - m) / d + (b + W m).
            double bias = _biases[old];
            for (int i = 0; i < mean.Length; i++)
            {
                float weight = _weights[old * mean.Length + i];
                bias += (double)weight * mean[i];
                weights[c * mean.Length + i] = deviation[i] > FeatureStatistics.Constant ? weight * deviation[i] : 0;
            }
            biases[c] = (float)bias;
        }
        if (known == 0)
            throw new ArgumentException(
                $"{nameof(FineTuneOptions.WarmStart)}: none of the {labels.Count} classes ({string.Join(", ", labels.Take(5))}"
                    + $"{(labels.Count > 5 ? ", ..." : "")}) is one of the model's ({string.Join(", ", _classes.Keys.Take(5))}"
                    + $"{(_classes.Count > 5 ? ", ..." : "")}). Classes are compared by their names."
            );
        OnnxTensor shape = head.Initializers[ClassificationHead.Weight];
        return head.WithWeights(
            new Dictionary<string, OnnxTensor>
            {
                [ClassificationHead.Weight] = OnnxTensor.FromFloats(ClassificationHead.Weight, [.. shape.Shape], weights),
                [ClassificationHead.Bias] = OnnxTensor.FromFloats(ClassificationHead.Bias, [biases.Length], biases),
            }
        );
    }
}
