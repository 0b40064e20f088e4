using MLNetExtensions.Reports;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Trainers.DensePrediction;

namespace MLNetExtensions.Tool.Training;

/// <summary>What the report of a run on boxes or masks says of it.</summary>
internal static class DenseReport
{
    public static HtmlReportOptions OptionsOf(RunFolder run, DenseTransformer model, DenseTrainerOptions options) =>
        new()
        {
            Title = run.Name,
            Model = model,
            ModelPath = run.Model,
            OnnxPath = run.OnnxModel,
            Training = model.Result,
            TrainerOptions = options,
            Seed = options.Seed,
            RepeatCommand = $"mlnetx rerun {run.Name}",
        };
}
