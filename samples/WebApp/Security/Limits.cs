using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using WebAppSample.Settings;

namespace WebAppSample.Security;

/// <summary>How much a client may ask for: bytes, connections, time and requests.</summary>
internal static class Limits
{
    /// <summary>The policy of predictions: a rate for each address.</summary>
    public const string Predictions = "predictions";

    /// <summary>The policy of uploads and other changes: a rate for each address.</summary>
    public const string Changes = "changes";

    /// <summary>The policy of explanations, each of which is many predictions: a few at the same time.</summary>
    public const string Explanations = "explanations";

    // A browser reads an answer only when it has sent its file. So files over the limit are read on, to nowhere, up to this many times it.
    private const int ReadOn = 4;

    public static void AddLimits(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<KestrelServerOptions>()
            .Configure<IOptions<WebAppOptions>>(
                (kestrel, options) =>
                {
                    KestrelServerLimits limits = kestrel.Limits;
                    limits.MaxRequestBodySize = ReadOn * (long)options.Value.MaxImageBytes;
                    limits.MaxConcurrentConnections = options.Value.MaxConnections;
                    // A client that sends or reads more slowly only keeps a connection busy.
                    limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1000, gracePeriod: TimeSpan.FromSeconds(5));
                    limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
                    limits.KeepAliveTimeout = TimeSpan.FromSeconds(30);
                    var connections = new ConnectionsByAddress(options.Value.MaxConnectionsPerAddress);
                    kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => context => connections.RunAsync(context, next)));
                    kestrel.AddServerHeader = false;
                }
            );
        builder.Services.AddRateLimiter(_ => { });
        builder
            .Services.AddOptions<RateLimiterOptions>()
            .Configure<IOptions<WebAppOptions>>((limiter, options) => AddPolicies(limiter, options.Value));
    }

    private static void AddPolicies(RateLimiterOptions limiter, WebAppOptions options)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = async (context, _) =>
        {
            TimeSpan wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan known) ? known : TimeSpan.FromSeconds(1);
            context.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await Results
                .Problem("Try again after Retry-After.", statusCode: StatusCodes.Status429TooManyRequests, title: "Too many requests.")
                .ExecuteAsync(context.HttpContext);
        };
        limiter.AddPolicy(Predictions, context => Rate(context, options.PredictionsPerSecond));
        limiter.AddPolicy(Changes, context => Rate(context, options.ChangesPerSecond));
        limiter.AddConcurrencyLimiter(
            Explanations,
            few =>
            {
                few.PermitLimit = options.ConcurrentExplanations;
                few.QueueLimit = options.ConcurrentExplanations;
            }
        );
    }

    private static RateLimitPartition<IPAddress> Rate(HttpContext context, int perSecond) =>
        RateLimitPartition.GetTokenBucketLimiter(
            // A test server has no addresses.
            context.Connection.RemoteIpAddress
                ?? IPAddress.Loopback,
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = 2 * perSecond,
                // Ten times a second, or as often as there is a whole token.
                TokensPerPeriod = Math.Max(1, perSecond / 10),
                ReplenishmentPeriod = TimeSpan.FromSeconds(Math.Max(1, perSecond / 10) / (double)perSecond),
                QueueLimit = 0,
            }
        );
}
