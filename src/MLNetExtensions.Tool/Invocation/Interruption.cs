using System.Runtime.InteropServices;

namespace MLNetExtensions.Tool.Invocation;

/// <summary>Ctrl-C and termination signals as a token. The first asks for an end in order; a second ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;

    public Interruption() =>
        _signals = [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel),
        ];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals)
            signal.Dispose();
        _source.Dispose();
    }

    private void Cancel(PosixSignalContext context)
    {
        // Not canceled, the signal takes its usual course: the process ends.
        context.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}
