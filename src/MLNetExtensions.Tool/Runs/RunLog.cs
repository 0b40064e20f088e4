using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNetExtensions.Tool.Runs;

/// <summary>A run's log.txt: what ML.NET's log says, with times (UTC). A run that resumes appends to it.</summary>
internal sealed class RunLog : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StreamWriter _file;

    public RunLog(string path) => _file = new StreamWriter(path, append: true) { AutoFlush = true };

    /// <summary>Told each warning once.</summary>
    public Action<string>? Warned { get; set; }

    /// <summary>Writes what a context logs.</summary>
    public void Attach(MLContext ml)
    {
        var warnings = new HashSet<string>();
        ml.Log += (_, message) =>
        {
            if (message.Kind < ChannelMessageKind.Info)
                return;
            Write($"{message.Kind}: {message.RawMessage}");
            if (message.Kind != ChannelMessageKind.Warning)
                return;
            lock (_gate)
                if (!warnings.Add(message.RawMessage))
                    return;
            Warned?.Invoke(message.RawMessage);
        };
    }

    public void Write(string line)
    {
        lock (_gate)
            _file.WriteLine($"{DateTime.UtcNow:yyyy-MM-dd HH:mm:ss.fff} {line}");
    }

    public void Dispose() => _file.Dispose();
}
