using MLNetExtensions.Training;
using MLNetExtensions.TrainingContract.Golden;

namespace MLNetExtensions.Peers.Figures;

internal static class GoldenTraining
{
    public static double? Measure(ITrainingRuntime? runtime = null)
    {
        int agreeing = 0;
        foreach (string network in TrainingRecord.Networks)
        {
            using var record = new TrainingRecord(network, runtime);
            string[] differences = [.. record.Forward(), .. record.Gradients(), .. record.FiveSteps()];
            agreeing += differences.Length == 0 ? 1 : 0;
            Console.WriteLine($"{network}: {(differences.Length == 0 ? "agrees" : string.Join("; ", differences))}");
        }
        return agreeing;
    }
}
