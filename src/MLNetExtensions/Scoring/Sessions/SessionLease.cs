using MLNetExtensions.Sessions;

namespace MLNetExtensions.Scoring.Sessions;

/// <summary>One run of a model: dispose it when the run has ended.</summary>
/// <param name="owner">Counts its runs.</param>
/// <param name="session">The session to run.</param>
internal readonly struct SessionLease(OnnxSession owner, RuntimeSession session) : IDisposable
{
    public RuntimeSession Session => session;

    public void Dispose() => owner.Return();
}
