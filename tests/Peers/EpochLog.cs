using Microsoft.ML;

namespace MLNetExtensions.Peers;

/// <summary>The lines that trainers log of each epoch, on the error stream.</summary>
internal static class EpochLog
{
    public static void Write(MLContext ml) =>
        ml.Log += (_, line) =>
        {
            if (line.Message.Contains(" epoch ", StringComparison.Ordinal) && line.Message.Contains("loss", StringComparison.Ordinal))
                Console.Error.WriteLine(line.RawMessage);
        };
}
