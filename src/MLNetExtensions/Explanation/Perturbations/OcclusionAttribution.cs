using MLNetExtensions.Explanation.Networks;

namespace MLNetExtensions.Explanation.Perturbations;

/// <summary>Hides a window that slides over the image.</summary>
internal sealed class OcclusionAttribution : PerturbationAttribution
{
    private readonly int _window,
        _stride,
        _columns,
        _rows;
    private readonly float _fill;

    public OcclusionAttribution(AttributionSetting setting, int? window, int? stride, float fill)
        : base(setting)
    {
        int shorter = Math.Min(Width, Height);
        _window = Math.Min(window ?? Math.Max(1, shorter / 6), shorter);
        _stride = Math.Min(stride ?? Math.Max(1, _window / 2), _window);
        _fill = fill;
        (_columns, _rows) = (Steps(Width), Steps(Height));
    }

    /// <summary>How far the logit falls with each window hidden, row by row.</summary>
    public float[] Drops(ReadOnlyMemory<float> image, int chosen)
    {
        // The first copy is the image itself.
        float[] scores = ScoreCopies(
            image,
            chosen,
            1 + (_rows * _columns),
            (copy, values) =>
            {
                if (copy > 0)
                    Hide(values.Span, copy - 1);
            }
        );
        return [.. scores.Skip(1).Select(score => scores[0] - score)];
    }

    protected override float[] Explain(ReadOnlyMemory<float> image, int chosen, long row)
    {
        float[] drops = Drops(image, chosen);
        var sums = new float[Width * Height];
        var counts = new int[Width * Height];
        for (int window = 0; window < drops.Length; window++)
        {
            (int top, int bottom, int left, int right) = Place(window);
            for (int y = top; y < bottom; y++)
            for (int x = left; x < right; x++)
            {
                sums[(y * Width) + x] += drops[window];
                counts[(y * Width) + x]++;
            }
        }
        for (int i = 0; i < sums.Length; i++)
            sums[i] /= counts[i];
        return sums;
    }

    private int Steps(int side) => 1 + ((side - _window + _stride - 1) / _stride);

    /// <summary>Windows at the edges are cropped.</summary>
    private (int Top, int Bottom, int Left, int Right) Place(int window)
    {
        (int row, int column) = Math.DivRem(window, _columns);
        int top = row * _stride,
            left = column * _stride;
        return (top, Math.Min(top + _window, Height), left, Math.Min(left + _window, Width));
    }

    private void Hide(Span<float> values, int window)
    {
        (int top, int bottom, int left, int right) = Place(window);
        for (int channel = 0; channel < Channels; channel++)
        for (int y = top; y < bottom; y++)
            values.Slice((((channel * Height) + y) * Width) + left, right - left).Fill(_fill);
    }
}
