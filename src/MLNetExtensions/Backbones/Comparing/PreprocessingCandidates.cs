using MLNetExtensions.Imaging;

namespace MLNetExtensions.Backbones.Comparing;

/// <summary>The ways in which the tools that train image networks prepare pixels.</summary>
internal static class PreprocessingCandidates
{
    private static readonly float[] ImageNetMean = [0.485f, 0.456f, 0.406f],
        ImageNetDeviation = [0.229f, 0.224f, 0.225f],
        CaffeMean = [123.68f, 116.779f, 103.939f];

    /// <summary>The ways for a network, its own first; equal ones once.</summary>
    /// <param name="own">The preprocessing that is assumed of the network: size, crop and layout are kept.</param>
    public static IReadOnlyList<(string Name, ImagePreprocessing Preprocessing)> Of(ImagePreprocessing own)
    {
        (string, ImagePreprocessing)[] all =
            own.ChannelCount == 3
                ? [.. OfOrder(own, ImageChannelOrder.Rgb), .. OfOrder(own, ImageChannelOrder.Bgr)]
                :
                [
                    .. WithoutMeans(own),
                    .. own.ChannelCount == 1
                        ?
                        [
                            (
                                "x / 255, MNIST's mean and deviation",
                                own with
                                {
                                    Scale = 1f / 255,
                                    Mean = [0.1307f],
                                    StandardDeviation = [0.3081f],
                                }
                            ),
                        ]
                        : Array.Empty<(string, ImagePreprocessing)>(),
                ];
        string name = all.FirstOrDefault(c => AreEqual(c.Item2, own)).Item1 ?? "the backbone's own";
        return [(name, own), .. all.Where(c => !AreEqual(c.Item2, own))];
    }

    /// <summary>A readable name of a preprocessing.</summary>
    public static string NameOf(ImagePreprocessing preprocessing) => Of(preprocessing)[0].Name;

    private static IEnumerable<(string, ImagePreprocessing)> OfOrder(ImagePreprocessing own, ImageChannelOrder order)
    {
        own = own with { Channels = order };
        float[] Ordered(float[] rgb) => order == ImageChannelOrder.Bgr ? [.. rgb.Reverse()] : rgb;
        string suffix = order == ImageChannelOrder.Bgr ? ", BGR" : ", RGB";
        yield return (
            $"x / 255, ImageNet's mean and deviation{suffix}",
            own with
            {
                Scale = 1f / 255,
                Mean = Ordered(ImageNetMean),
                StandardDeviation = Ordered(ImageNetDeviation),
            }
        );
        foreach ((string name, ImagePreprocessing plain) in WithoutMeans(own))
            yield return (name + suffix, plain);
        yield return ($"x less Caffe's means{suffix}", own with { Scale = 1, Mean = Ordered(CaffeMean), StandardDeviation = [1, 1, 1] });
    }

    private static IEnumerable<(string, ImagePreprocessing)> WithoutMeans(ImagePreprocessing own)
    {
        float[] All(float value) => [.. Enumerable.Repeat(value, own.ChannelCount)];
        yield return ("x / 127.5 - 1", own with { Scale = 1 / 127.5f, Mean = All(1), StandardDeviation = All(1) });
        yield return ("x / 255", own with { Scale = 1f / 255, Mean = All(0), StandardDeviation = All(1) });
        yield return ("x from 0 to 255", own with { Scale = 1, Mean = All(0), StandardDeviation = All(1) });
    }

    private static bool AreEqual(ImagePreprocessing a, ImagePreprocessing b) =>
        a.Channels == b.Channels
        && Enumerable
            .Range(0, a.ChannelCount)
            .All(c =>
                IsNear(a.Scale / a.StandardDeviation[c], b.Scale / b.StandardDeviation[c])
                && IsNear(a.Mean[c] / a.StandardDeviation[c], b.Mean[c] / b.StandardDeviation[c])
            );

    private static bool IsNear(float a, float b) => MathF.Abs(a - b) <= 1e-4f * MathF.Max(MathF.Abs(a), MathF.Abs(b));
}
