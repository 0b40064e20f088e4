using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Training.Privacy;

namespace MLNetExtensions.TensorFlow.Privacy;

/// <summary>The gradient of DP-SGD in the graph: clipped gradients of single examples, summed, with noise that is fed.</summary>
internal sealed class PrivateGradient : IDisposable
{
    private readonly GradientPrivacy _privacy;
    private readonly GaussianNoise _noise;
    private readonly Tensor _counted,
        _noiseValues;

    /// <param name="graph">The graph to add to.</param>
    /// <param name="network">The network, made of <paramref name="prepared"/>.</param>
    /// <param name="prepared">The network's graph and the uses of its parameters.</param>
    /// <param name="sum">The summed loss.</param>
    /// <param name="layout">The layout of the parameters.</param>
    /// <param name="privacy">The settings.</param>
    /// <param name="noise">The source of noise.</param>
    public PrivateGradient(
        TensorFlowGraph graph,
        Network network,
        (LoweredGraph Graph, IReadOnlyList<ParameterUse> Uses) prepared,
        Symbol sum,
        ParameterLayout layout,
        GradientPrivacy privacy,
        GaussianNoise noise
    )
    {
        (_privacy, _noise) = (privacy, noise);
        long rows = network.Output.Shape[0];
        _counted = Tensor.Allocate(DataType.Float, [rows]);
        _noiseValues = Tensor.Allocate(DataType.Float, [layout.Size]);
        Symbol counted = graph.Placeholder(DataType.Float, rows),
            drawn = graph.Placeholder(DataType.Float, layout.Size);
        Feeds = [(counted, _counted), (drawn, _noiseValues)];

        var gradients = new Dictionary<Symbol, Symbol>();
        network.Tape.Backward(sum, graph.Scalar(1, DataType.Float), gradients);
        Symbol ofOutput = gradients[network.Output],
            norms = graph.Sqrt(network.ExamplesOf(prepared.Graph, rows).SquaredNorms(prepared.Uses, gradients));
        Symbol factors =
            counted * graph.Minimum(privacy.MaxGradientNorm / (norms + GradientPrivacy.Epsilon), graph.Scalar(1, DataType.Float));
        factors = graph.Reshape(factors, [rows, .. Enumerable.Repeat(1L, ofOutput.Rank - 1)]);
        Symbol clipped = network.GradientOf(network.Output, ofOutput * factors);
        Value = (clipped + drawn) / privacy.ExpectedBatchSize;
    }

    /// <summary>The flat gradient.</summary>
    public Symbol Value { get; }

    /// <summary>What is fed.</summary>
    public IReadOnlyList<(Symbol, Tensor)> Feeds { get; }

    /// <summary>Sets what the next run is fed.</summary>
    /// <param name="counted">The number of rows that count.</param>
    public void Prepare(int counted)
    {
        _counted.Floats[..counted].Fill(1);
        _counted.Floats[counted..].Clear();
        if (_privacy.NoiseMultiplier > 0)
            _noise.Fill(_noiseValues.Floats, (double)_privacy.NoiseMultiplier * _privacy.MaxGradientNorm);
        else
            _noiseValues.Floats.Clear();
    }

    public void Dispose()
    {
        _counted.Dispose();
        _noiseValues.Dispose();
    }
}
