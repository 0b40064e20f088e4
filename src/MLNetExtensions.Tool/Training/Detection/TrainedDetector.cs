using Microsoft.ML;
using MLNetExtensions.Tool.Evaluating;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Trainers.TrainDetector;
using MLNetExtensions.Training;

namespace MLNetExtensions.Tool.Training.Detection;

/// <summary>A trained detector.</summary>
internal sealed class TrainedDetector(TrainDetectorTransformer detector, TrainDetectorOptions options, DataViewSchema input) : ITrainedModel
{
    public TrainingHistory History => detector.Result.History;

    public void Save(MLContext ml, RunFolder run)
    {
        ml.Model.SaveAtomic(detector, input, run.Model);
        detector.ExportOnnx(run.OnnxModel);
    }

    public IRunMetrics Measure(MLContext ml, IDataView test, RunFolder run, bool writesReport)
    {
        IDataView scored = detector.Transform(test);
        return DetectionMetrics.Of(
            writesReport
                ? ml.Vision().WriteReport(scored, run.Report, DenseReport.OptionsOf(run, detector, options)).Detection!
                : ml.Vision().ReportDetection(scored)
        );
    }

    public void Dispose() => detector.Dispose();
}
