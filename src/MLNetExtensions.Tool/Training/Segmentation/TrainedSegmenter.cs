using Microsoft.ML;
using MLNetExtensions.Tool.Evaluating;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Trainers.TrainSegmenter;
using MLNetExtensions.Training;

namespace MLNetExtensions.Tool.Training.Segmentation;

/// <summary>A trained segmentation network.</summary>
internal sealed class TrainedSegmenter(TrainSegmenterTransformer segmenter, TrainSegmenterOptions options, DataViewSchema input)
    : ITrainedModel
{
    public TrainingHistory History => segmenter.Result.History;

    public void Save(MLContext ml, RunFolder run)
    {
        ml.Model.SaveAtomic(segmenter, input, run.Model);
        segmenter.ExportOnnx(run.OnnxModel);
    }

    public IRunMetrics Measure(MLContext ml, IDataView test, RunFolder run, bool writesReport)
    {
        IDataView scored = segmenter.Transform(test);
        return SegmentationMetrics.Of(
            writesReport
                ? ml.Vision().WriteReport(scored, run.Report, DenseReport.OptionsOf(run, segmenter, options)).Segmentation!
                : ml.Vision().ReportSegmentation(scored)
        );
    }

    public void Dispose() => segmenter.Dispose();
}
