using MLNetExtensions.Onnx;

namespace MLNetExtensions.Trainers.FineTune.LowRank;

/// <summary>A network whose layers read adapted weights: the graph to train, and the way back to plain weights.</summary>
internal sealed class AdaptedNetwork
{
    private readonly OnnxGraph _plain;
    private readonly LowRankAdaptation _adaptation;
    private readonly AdaptedWeight[] _weights;

    /// <param name="network">The network.</param>
    /// <param name="adaptation">The settings.</param>
    /// <param name="parameters">The parameters that may be adapted.</param>
    /// <param name="seed">The seed of the first draws.</param>
    /// <exception cref="ArgumentException">No layer's weights are more than those of two matrices of the rank.</exception>
    public AdaptedNetwork(OnnxGraph network, LowRankAdaptation adaptation, IReadOnlyCollection<string> parameters, int seed)
    {
        (_plain, _adaptation) = (network, adaptation);
        _weights =
        [
            .. AdaptableWeights
                .Find(network, parameters.ToHashSet())
                .Where(w => w.ParameterCount(adaptation.Rank) < network.Initializers[w.Name].Count),
        ];
        if (_weights.Length == 0)
            throw new ArgumentException(
                $"{nameof(LowRankAdaptation)} of rank {adaptation.Rank} fits none of the {parameters.Count} trained parameters: it is for "
                    + "the weights of Conv, Gemm and MatMul that have more values than the two matrices. Lower the rank, or train the "
                    + $"layers themselves ({nameof(FineTuneOptions.LowRankAdaptation)} = null)."
            );
        Graph = Attach(seed);
        Parameters = [.. _weights.SelectMany(w => (string[])[w.Left, w.Right])];
    }

    /// <summary>The network to train.</summary>
    public OnnxGraph Graph { get; }

    /// <summary>The names of the matrices to train.</summary>
    public IReadOnlyList<string> Parameters { get; }

    /// <summary>The number of values in <see cref="Parameters"/>.</summary>
    public long ParameterCount => _weights.Sum(w => w.ParameterCount(_adaptation.Rank));

    /// <summary>The weight that each of <see cref="Parameters"/> adapts.</summary>
    public IReadOnlyDictionary<string, string> Adapted =>
        _weights.SelectMany(w => (KeyValuePair<string, string>[])[new(w.Left, w.Name), new(w.Right, w.Name)]).ToDictionary();

    /// <summary>Trained values of the plain network: adapted weights are replaced by their sums, others stay.</summary>
    /// <param name="trained">The values of the trained graph.</param>
    public IReadOnlyDictionary<string, OnnxTensor> Fold(IReadOnlyDictionary<string, OnnxTensor> trained)
    {
        HashSet<string> matrices = [.. Parameters];
        var weights = trained.Where(w => !matrices.Contains(w.Key)).ToDictionary();
        foreach (AdaptedWeight weight in _weights)
            weights[weight.Name] = weight.Fold(
                _plain.Initializers[weight.Name],
                trained[weight.Left],
                trained[weight.Right],
                _adaptation.Scale
            );
        return weights;
    }

    private OnnxGraph Attach(int seed)
    {
        const string scale = "mlnetx/lora_scale";
        var random = new Random(seed);
        var initializers = new OrderedDictionary<string, OnnxTensor>(_plain.Initializers)
        {
            [scale] = OnnxTensor.FromFloats(scale, [], [_adaptation.Scale]),
        };
        var nodes = new List<OnnxNode>();
        foreach (AdaptedWeight weight in _weights)
        {
            foreach (OnnxTensor matrix in weight.Initial(_adaptation.Rank, random))
                initializers.Add(matrix.Name, matrix);
            string shape = $"{weight.Name}/shape",
                product = $"{weight.Name}/lora_product",
                scaled = $"{weight.Name}/lora_scaled",
                change = $"{weight.Name}/lora_change";
            initializers.Add(shape, OnnxTensor.FromInt64s(shape, [weight.Shape.Count], [.. weight.Shape]));
            nodes.Add(OnnxNode.Create("MatMul", [weight.Left, weight.Right], [product]));
            nodes.Add(OnnxNode.Create("Mul", [product, scale], [scaled]));
            nodes.Add(OnnxNode.Create("Reshape", [scaled, shape], [change]));
            nodes.Add(OnnxNode.Create("Add", [weight.Name, change], [weight.Sum]));
        }
        Dictionary<string, string> sums = _weights.ToDictionary(w => w.Name, w => w.Sum);
        return _plain with
        {
            Nodes = [.. nodes, .. _plain.Nodes.Select(n => n with { Inputs = [.. n.Inputs.Select(i => sums.GetValueOrDefault(i, i))] })],
            Initializers = initializers,
        };
    }
}
