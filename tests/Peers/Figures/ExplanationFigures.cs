using System.Diagnostics;
using Microsoft.ML;
using MLNetExtensions.Explanation.Methods;
using MLNetExtensions.Explanation.Networks;
using MLNetExtensions.TestData;
using MLNetExtensions.TrainingContract;
using MLNetExtensions.TrainingContract.Explanation;

namespace MLNetExtensions.Peers.Figures;

/// <summary>Explanations: do they agree with golden values, and what do they cost.</summary>
internal static class ExplanationFigures
{
    private const int Rounds = 15,
        Images = 10;

    /// <summary>The methods whose values agree to 1e-4 of the largest.</summary>
    public static double? Golden()
    {
        int agreeing = 0;
        foreach ((string name, Func<(double[] Expected, double[] Found)> method) in GoldenMethods.All)
        {
            (double[] expected, double[] found) = method();
            double error = expected.Zip(found, (a, b) => Math.Abs(a - b)).Max() / expected.Max(Math.Abs);
            Console.WriteLine($"{name, -22} largest error {error:E1}");
            if (expected.Length == found.Length && error <= 1e-4)
                agreeing++;
        }
        return agreeing;
    }

    /// <summary>Grad-CAM of one image, its scoring included, over its scoring alone.</summary>
    public static double? Cost()
    {
        var model = new ExplainableModel(
            SharedModels.Read("mobilenetv2_1.0_224_bn").Graph,
            SharedModels.PreprocessingOf("mobilenetv2_1.0_224_bn")
        );
        ExplainedNetwork network = model.Network;
        using IAttribution attribution = new GradCam().Open(
            new AttributionSetting(new MLContext(1), network, RuntimeUnderTest.Create, BatchSize: 1, Seed: 1)
        );
        using var scoring = new ScoredLogits(new MLContext(1), network);
        var random = new Random(1);
        float[] image = [.. Enumerable.Range(0, network.InputLength).Select(_ => (float)random.Next(256))],
            logits = new float[network.Outputs];
        return PairedTimes.Ratio(() => Time(Explain), () => Time(() => scoring.Run(image, 1, logits)), Rounds, warmups: 3);

        void Explain()
        {
            attribution.Score(image, 1, logits);
            attribution.Explain(image, [Array.IndexOf(logits, logits.Max())], 0);
        }
    }

    private static double Time(Action action)
    {
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < Images; i++)
            action();
        return Stopwatch.GetElapsedTime(started).TotalSeconds / Images;
    }
}
