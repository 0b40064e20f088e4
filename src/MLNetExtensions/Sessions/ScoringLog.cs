using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNetExtensions.Sessions;

/// <summary>Warnings about models that are scored, in the context's log.</summary>
internal static class ScoringLog
{
    public static void Warn(MLContext context, string message)
    {
        IHost host = ((IHostEnvironment)context).Register("Scoring");
        using IChannel channel = host.Start("Model");
        channel.Warning(MessageSensitivity.UserData, "{0}", message);
    }
}
