using Microsoft.ML.Runtime;

namespace MLNetExtensions.Trainers.Runs;

/// <summary>The log of one Fit, which remembers its warnings for the result.</summary>
/// <param name="channel">Gets the lines.</param>
internal sealed class TrainerLog(IChannel channel)
{
    private readonly List<string> _warnings = [];

    /// <summary>The warnings so far.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Writes a line to the log.</summary>
    public void Info(string message) => channel.Info(MessageSensitivity.None, "{0}", message);

    /// <summary>Adds a warning to the log and to the result.</summary>
    public void Warn(string message)
    {
        _warnings.Add(message);
        channel.Warning(MessageSensitivity.None, "{0}", message);
    }
}
