using MLNetExtensions.Onnx;
using MLNetExtensions.Trainers;

namespace MLNetExtensions.TensorFlow;

/// <summary>Exports trained models as SavedModels.</summary>
public static class SavedModelExtensions
{
    /// <summary>
    /// Writes a trained model for TensorFlow with
    /// <see cref="TensorFlowModel.WriteSavedModel(OnnxGraph, string, TensorFlowExportOptions)"/>, without the name of the most probable
    /// class. Its input is called <c>pixels</c>, of 0 to 255; the labels are in <c>assets.extra/labels.txt</c>.
    /// </summary>
    /// <param name="transformer">The model.</param>
    /// <param name="folder">The model's folder, which must not exist or be empty.</param>
    /// <param name="options">The export options; null for the defaults.</param>
    /// <inheritdoc cref="TensorFlowModel.WriteSavedModel(OnnxGraph, string, TensorFlowExportOptions)" path="/exception"/>
    public static void ExportSavedModel(this ImageTransformer transformer, string folder, TensorFlowExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        TensorFlowModel.WriteSavedModel(transformer.Model, folder, options, inputName: "pixels");
    }
}
