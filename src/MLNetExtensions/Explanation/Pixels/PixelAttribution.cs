using MLNetExtensions.Explanation.Networks;

namespace MLNetExtensions.Explanation.Pixels;

/// <summary>Explains by gradients with respect to the pixels; the kinds differ in where they take them.</summary>
internal abstract class PixelAttribution : IAttribution
{
    private readonly ScoredLogits _scoring;
    private readonly GradientEngine _engine;
    private readonly ExplainedNetwork _network;
    private readonly float[] _points,
        _gradients;
    private readonly int[] _chosen;

    private protected PixelAttribution(AttributionSetting setting)
    {
        _network = setting.Network;
        Seed = setting.Seed;
        if (_network.InputShape is not [_, _, _])
            throw new ArgumentException(
                $"The network '{_network.Graph.Name}' takes {_network.Graph.Inputs[0]}; expected images [batch, channels, height, width]."
            );
        _scoring = new ScoredLogits(setting.Context, _network);
        try
        {
            _engine = new GradientEngine(
                _network.Graph,
                _network.Graph.Inputs[0].Name,
                _network.InputShape,
                _network.InputLength,
                _network.Outputs,
                setting.BatchSize,
                setting.Runtime()
            );
        }
        catch
        {
            _scoring.Dispose();
            throw;
        }
        _points = new float[setting.BatchSize * _network.InputLength];
        _gradients = new float[setting.BatchSize * _network.InputLength];
        _chosen = new int[setting.BatchSize];
    }

    public string? Layer => null;

    /// <summary>The seed of what is drawn.</summary>
    protected int Seed { get; }

    /// <summary>The number of values of an image.</summary>
    protected int Length => _network.InputLength;

    public void Score(Memory<float> pixels, int rows, Span<float> logits) => _scoring.Run(pixels, rows, logits);

    /// <summary>Computes the contribution of each value of each image.</summary>
    /// <param name="pixels">The images.</param>
    /// <param name="chosen">The output of each that is explained.</param>
    /// <param name="firstRow">The number of the first image among all.</param>
    /// <returns>[images, channels, height, width].</returns>
    public abstract float[] Attribute(ReadOnlyMemory<float> pixels, ReadOnlySpan<int> chosen, long firstRow);

    public AttributionMap[] Explain(Memory<float> pixels, ReadOnlySpan<int> chosen, long firstRow)
    {
        float[] attributions = Attribute(pixels, chosen, firstRow);
        (int height, int width) = ((int)_network.InputShape[1], (int)_network.InputShape[2]);
        var maps = new AttributionMap[chosen.Length];
        for (int row = 0; row < maps.Length; row++)
        {
            var values = new float[width * height];
            ReadOnlySpan<float> own = attributions.AsSpan(row * Length, Length);
            for (int i = 0; i < own.Length; i++)
                Add(ref values[i % values.Length], own[i]);
            maps[row] = new AttributionMap(width, height, values, IsOfLayer: false);
        }
        return maps;
    }

    public void Dispose()
    {
        _scoring.Dispose();
        _engine.Dispose();
    }

    /// <summary>Adds a channel's contribution to its pixel's.</summary>
    protected abstract void Add(ref float pixel, float contribution);

    /// <summary>Sums gradients at several points for each image, batch by batch.</summary>
    /// <param name="chosen">The output of each image.</param>
    /// <param name="samples">The number of points of an image.</param>
    /// <param name="write">Writes a point: image, sample, its values.</param>
    /// <param name="add">Adds a point's gradients: sample, gradients, sum.</param>
    /// <returns>The sums, [images, channels, height, width].</returns>
    protected float[] Sum(
        ReadOnlySpan<int> chosen,
        int samples,
        Action<int, int, Memory<float>> write,
        Action<int, ReadOnlyMemory<float>, Memory<float>> add
    )
    {
        var sums = new float[chosen.Length * Length];
        int total = chosen.Length * samples;
        for (int start = 0; start < total; start += _engine.Batch)
        {
            int count = Math.Min(_engine.Batch, total - start);
            for (int i = 0; i < count; i++)
            {
                (int row, int sample) = Math.DivRem(start + i, samples);
                write(row, sample, _points.AsMemory(i * Length, Length));
                _chosen[i] = chosen[row];
            }
            _engine.Compute(_points.AsSpan(0, count * Length), _chosen.AsSpan(0, count), _gradients);
            for (int i = 0; i < count; i++)
            {
                (int row, int sample) = Math.DivRem(start + i, samples);
                add(sample, _gradients.AsMemory(i * Length, Length), sums.AsMemory(row * Length, Length));
            }
        }
        return sums;
    }
}
