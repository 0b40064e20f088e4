using System.Globalization;
using System.Net;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using MLNetExtensions.TestData.Photos;
using Xunit;

namespace MLNetExtensions.WebApp.Tests;

public sealed class MonitoringTests : IAsyncLifetime
{
    private RunningApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await RunningApp.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("/health")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task It_is_healthy(string path) => Assert.Equal("Healthy", await _app.Client.GetStringAsync(path));

    [Fact]
    public async Task Metrics_count_requests_and_predictions()
    {
        for (int i = 0; i < 3; i++)
            (await _app.PostAsync("/api/predict", DrawnPhoto.Encode(seed: i, 64, 48))).EnsureSuccessStatusCode();

        // Measurements are collected when they are asked for, the answer's own a moment after it.
        string metrics = await _app.Client.GetStringAsync("/metrics");

        // A meter's listeners hear the predictors of all applications in the process, those of other tests too.
        string[] counts =
        [
            .. metrics
                .Split('\n')
                .Where(line => line.StartsWith("mlnetextensions_predictor_request_duration_seconds_count", StringComparison.Ordinal)),
        ];
        Assert.True(counts.Sum(count => double.Parse(count.Split(' ')[1], CultureInfo.InvariantCulture)) >= 3, string.Join('\n', counts));
        Assert.Contains("http_server_request_duration_seconds_count", metrics);
        Assert.Contains("mlnetextensions_predictor_batch_size", metrics);
    }

    [Fact]
    public async Task The_OpenAPI_document_is_valid_and_names_every_path()
    {
        string json = await _app.Client.GetStringAsync("/openapi/v1.json");

        ReadResult read = OpenApiDocument.Parse(json, "json");

        Assert.Empty(read.Diagnostic!.Errors);
        OpenApiDocument document = read.Document!;
        Assert.Empty(document.Validate(ValidationRuleSet.GetDefaultRuleSet()));
        string[] paths =
        [
            "/api/predict",
            "/api/explain",
            "/api/images",
            "/api/images/examples",
            "/api/images/{id}",
            "/api/images/{id}/file",
            "/api/images/{id}/label",
            "/api/classes",
            "/api/runs",
            "/api/runs/events",
            "/api/runs/{id}/cancel",
            "/api/models",
            "/api/models/{id}/activate",
            "/api/models/{id}/report",
        ];
        Assert.Equal(paths.Order(), document.Paths.Keys.Select(path => path.TrimEnd('/')).Order());
        foreach (IOpenApiPathItem path in document.Paths.Values)
            Assert.All(path.Operations!.Values, operation => Assert.False(string.IsNullOrEmpty(operation.Summary)));
        Assert.Contains("multipart/form-data", document.Paths["/api/predict"].Operations![HttpMethod.Post].RequestBody!.Content!.Keys);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/label.html")]
    [InlineData("/models.html")]
    [InlineData("/scalar/")]
    public async Task Pages_are_there_with_their_policy(string path)
    {
        HttpResponseMessage page = await _app.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("frame-ancestors 'none'", Assert.Single(page.Headers.GetValues("Content-Security-Policy")));
    }
}
