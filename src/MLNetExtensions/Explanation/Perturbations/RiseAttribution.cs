using MLNetExtensions.Explanation.Networks;
using MLNetExtensions.Explanation.Pixels;

namespace MLNetExtensions.Explanation.Perturbations;

/// <summary>Hides random parts with soft edges.</summary>
internal sealed class RiseAttribution(AttributionSetting setting, int samples, int grid, float kept, float fill)
    : PerturbationAttribution(setting)
{
    protected override float[] Explain(ReadOnlyMemory<float> image, int chosen, long row)
    {
        int places = Width * Height;
        var mask = new float[places];
        float[] scores = ScoreCopies(
            image,
            chosen,
            samples,
            (sample, values) =>
            {
                Draw(mask, row, sample);
                Span<float> copy = values.Span;
                for (int i = 0; i < copy.Length; i++)
                    copy[i] = fill + (mask[i % places] * (copy[i] - fill));
            }
        );
        // Against the mean score: what is the same under all masks says nothing of places, and its noise would be the map's.
        double mean = scores.Average(score => (double)score);
        var map = new double[places];
        for (int sample = 0; sample < samples; sample++)
        {
            Draw(mask, row, sample);
            double score = (scores[sample] - mean) / (samples * (double)kept);
            for (int i = 0; i < places; i++)
                map[i] += score * mask[i];
        }
        return [.. map.Select(value => (float)value)];
    }

    /// <summary>A mask: a coarse grid of zeros and ones, larger than the image by a cell, interpolated and shifted at random.</summary>
    private void Draw(Span<float> mask, long row, int sample)
    {
        var random = new Random(Draws.Seed(Seed, row, sample));
        int side = grid + 1;
        Span<float> cells = stackalloc float[side * side];
        for (int i = 0; i < cells.Length; i++)
            cells[i] = random.NextDouble() < kept ? 1 : 0;
        double shiftX = random.NextDouble(),
            shiftY = random.NextDouble();
        for (int y = 0; y < Height; y++)
        {
            (int top, float downwards) = Cell(y, Height, shiftY);
            for (int x = 0; x < Width; x++)
            {
                (int left, float rightwards) = Cell(x, Width, shiftX);
                float upper = Between(cells[(top * side) + left], cells[(top * side) + left + 1], rightwards),
                    lower = Between(cells[((top + 1) * side) + left], cells[((top + 1) * side) + left + 1], rightwards);
                mask[(y * Width) + x] = Between(upper, lower, downwards);
            }
        }
    }

    private (int Cell, float Fraction) Cell(int pixel, int side, double shift)
    {
        double place = Math.Min((pixel + 0.5) / side * (grid - 1) + shift, grid - 1e-6);
        return ((int)place, (float)(place - (int)place));
    }

    private static float Between(float first, float second, float fraction) => first + (fraction * (second - first));
}
