namespace MLNetExtensions.Tool.Backbones;

/// <summary>Progress that is told at once, in order; .NET's own posts it to other threads.</summary>
internal sealed class DirectProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
