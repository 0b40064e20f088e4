namespace MLNetExtensions.Peers.WebApp;

/// <summary>What the clients of an application saw.</summary>
/// <param name="Requests">The number of answers.</param>
/// <param name="Rate">Answers a second.</param>
/// <param name="Errors">Answers other than 2xx, and connections that broke.</param>
/// <param name="P50">The median time to an answer in milliseconds.</param>
/// <param name="P99">The time within which 99 % were answered, in milliseconds.</param>
internal sealed record WebAppLoad(long Requests, double Rate, long Errors, double P50, double P99)
{
    public override string ToString() => $"{Requests} requests, {Rate:F0} a second, {Errors} errors, median {P50:F1} ms, p99 {P99:F1} ms";
}
