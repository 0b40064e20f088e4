using Microsoft.ML;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Training;

namespace MLNetExtensions.Tool.Training;

/// <summary>A trained model of a task.</summary>
internal interface ITrainedModel : IDisposable
{
    TrainingHistory History { get; }

    /// <summary>Writes model.zip and model.onnx.</summary>
    void Save(MLContext ml, RunFolder run);

    /// <summary>Measures it on images that were held out.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="test">The images.</param>
    /// <param name="run">The run, which gets the report.</param>
    /// <param name="writesReport">True to write report.html.</param>
    IRunMetrics Measure(MLContext ml, IDataView test, RunFolder run, bool writesReport);
}
