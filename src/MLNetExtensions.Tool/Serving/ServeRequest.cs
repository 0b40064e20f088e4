namespace MLNetExtensions.Tool.Serving;

/// <summary>What a command line asks of serve.</summary>
internal sealed record ServeRequest(string ModelFile, string Host, int Port, int Top, int? Threads);
