using Microsoft.Extensions.Logging;
using MLNetExtensions.Serving;

namespace MLNetExtensions.Hosting;

/// <summary>Writes changed model files to the application's log.</summary>
internal sealed partial class ReloadLog(ILogger logger, string predictor)
{
    public void Write(ModelReload reload)
    {
        if (reload.Error is null)
            Replaced(predictor, reload.ModelVersion, reload.Path);
        else
            Kept(reload.Error, predictor, reload.ModelVersion, reload.Path);
    }

    [LoggerMessage(1, LogLevel.Information, "The predictor '{Predictor}' answers by model {Version}, loaded from '{Path}'.")]
    private partial void Replaced(string predictor, int version, string path);

    [LoggerMessage(
        2,
        LogLevel.Error,
        "The predictor '{Predictor}' goes on with model {Version}: the changed file '{Path}' cannot be loaded."
    )]
    private partial void Kept(Exception error, string predictor, int version, string path);
}
