using MLNetExtensions.Explanation.Networks;

namespace MLNetExtensions.Explanation.Perturbations;

/// <summary>Explains by how the logit changes where parts of the image are hidden: scores alone, by ONNX Runtime.</summary>
internal abstract class PerturbationAttribution : IAttribution
{
    private readonly ExplainedNetwork _network;
    private readonly ScoredLogits _scoring;
    private readonly float[] _images,
        _logits;
    private readonly int _batch;

    private protected PerturbationAttribution(AttributionSetting setting)
    {
        _network = setting.Network;
        if (_network.InputShape is not [_, _, _])
            throw new ArgumentException(
                $"The network '{_network.Graph.Name}' takes {_network.Graph.Inputs[0]}; expected images [batch, channels, height, width]."
            );
        _batch = setting.BatchSize;
        Seed = setting.Seed;
        _scoring = new ScoredLogits(setting.Context, _network);
        _images = new float[_batch * _network.InputLength];
        _logits = new float[_batch * _network.Outputs];
    }

    public string? Layer => null;

    /// <summary>The width of an image.</summary>
    protected int Width => (int)_network.InputShape[2];

    /// <summary>The height of an image.</summary>
    protected int Height => (int)_network.InputShape[1];

    /// <summary>The number of channels.</summary>
    protected int Channels => (int)_network.InputShape[0];

    /// <summary>The seed of what is drawn.</summary>
    protected int Seed { get; }

    public void Score(Memory<float> pixels, int rows, Span<float> logits) => _scoring.Run(pixels, rows, logits);

    public AttributionMap[] Explain(Memory<float> pixels, ReadOnlySpan<int> chosen, long firstRow)
    {
        int length = _network.InputLength;
        var maps = new AttributionMap[chosen.Length];
        for (int row = 0; row < maps.Length; row++)
            maps[row] = new AttributionMap(
                Width,
                Height,
                Explain(pixels.Slice(row * length, length), chosen[row], firstRow + row),
                IsOfLayer: false
            );
        return maps;
    }

    public void Dispose() => _scoring.Dispose();

    /// <summary>The value of each pixel of one image.</summary>
    /// <param name="image">[channels, height, width].</param>
    /// <param name="chosen">The output that is explained.</param>
    /// <param name="row">The image's number among all.</param>
    protected abstract float[] Explain(ReadOnlyMemory<float> image, int chosen, long row);

    /// <summary>Scores changed copies of an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="chosen">The output that is wanted.</param>
    /// <param name="count">The number of copies.</param>
    /// <param name="change">Changes a copy: its number, its values.</param>
    protected float[] ScoreCopies(ReadOnlyMemory<float> image, int chosen, int count, Action<int, Memory<float>> change)
    {
        int length = _network.InputLength;
        var scores = new float[count];
        for (int start = 0; start < count; start += _batch)
        {
            int rows = Math.Min(_batch, count - start);
            for (int i = 0; i < rows; i++)
            {
                Memory<float> copy = _images.AsMemory(i * length, length);
                image.CopyTo(copy);
                change(start + i, copy);
            }
            _scoring.Run(_images, rows, _logits);
            for (int i = 0; i < rows; i++)
                scores[start + i] = _logits[(i * _network.Outputs) + chosen];
        }
        return scores;
    }
}
