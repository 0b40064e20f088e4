using DetectionSample;
using MLNetExtensions.TestData;

namespace MLNetExtensions.Peers.Figures;

/// <summary>What the sample Detection reaches on the shapes that it draws.</summary>
internal static class ShapeDetection
{
    public static double? MeanAveragePrecision50()
    {
        using var folder = new TemporaryFolder();
        return 100 * DetectionRun.Run(new DetectionSettings { Output = folder.Path }).MeanAveragePrecision50;
    }
}
