using MLNetExtensions.Imaging;

namespace MLNetExtensions.Backbones;

/// <summary>Factor * x + Offset.</summary>
internal readonly record struct Line(double Factor, double Offset)
{
    /// <summary>The effect of a preprocessing on the values 0..255 of a channel.</summary>
    public static Line Of(ImagePreprocessing preprocessing, int channel) =>
        new(
            (double)preprocessing.Scale / preprocessing.StandardDeviation[channel],
            -(double)preprocessing.Mean[channel] / preprocessing.StandardDeviation[channel]
        );

    /// <summary>This, and what follows.</summary>
    public Line Then(Line next) => new(Factor * next.Factor, (Offset * next.Factor) + next.Offset);
}
