using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>The context that a saved model's steps are made with.</summary>
internal static class SavingContext
{
    /// <summary>
    /// The same context, or one without its GPU: ML.NET's ONNX step opens the model when it is made, and falls back to the processor for
    /// some errors only, not where ONNX Runtime's library knows no GPU. Nothing of it is saved.
    /// </summary>
    public static MLContext Of(MLContext context)
    {
        if (context.GpuDeviceId is null)
            return context;
        var saving = new MLContext { TempFilePath = context.TempFilePath };
        saving.Log += (_, e) =>
        {
            if (e.Kind == ChannelMessageKind.Warning)
                ScoringLog.Warn(context, e.RawMessage);
        };
        return saving;
    }
}
