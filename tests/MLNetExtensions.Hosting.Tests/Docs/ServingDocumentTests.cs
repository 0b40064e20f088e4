using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.ML;
using MLNetExtensions.Serving;
using MLNetExtensions.TestData;
using MLNetExtensions.Tests;
using MLNetExtensions.Tests.Serving;
using Xunit;

namespace MLNetExtensions.Hosting.Tests.Docs;

/// <summary>
/// The C# blocks of docs/serving.md, compiled and run; that none is missing is checked by MLNetExtensions.TorchSharp.Tests. They change the
/// working folder.
/// </summary>
[Collection(Alone.Name)]
public sealed class ServingDocumentTests : IDisposable
{
    private readonly ServedImages _images = new(3);
    private readonly TemporaryFolder _folder = new();
    private readonly string _working = Environment.CurrentDirectory;

    public ServingDocumentTests()
    {
        foreach (string name in new[] { "model.zip", "better.zip", "cats.zip", "dogs.zip" })
            _images.First.Save(Path.Combine(_folder.Path, name));
        Environment.CurrentDirectory = _folder.Path;
    }

    public void Dispose()
    {
        Environment.CurrentDirectory = _working;
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_block_on_predicting_runs()
    {
        byte[] bytes = _images.Encoded[0];
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;

        var ml = new MLContext();
        using VisionPredictor predictor = ml.Model.CreateVisionPredictor(
            "model.zip",
            new VisionPredictorOptions
            {
                MaxBatchSize = 16, // images that are scored together
                MaxDelay = TimeSpan.FromMilliseconds(2), // how long a decoded image waits for others
                QueueCapacity = 1024, // requests inside at the same time; further ones are rejected, or wait
            }
        );

        VisionPrediction prediction = await predictor.PredictAsync(bytes, cancellationToken); // or a stream, a file's path, an MLImage
        Console.WriteLine($"{prediction.Label}: {prediction.Score:P1}");
        foreach (ClassScore best in prediction.Top(3))
            Console.WriteLine($"{best.Label} {best.Score:F3}");

        _images.Check(prediction, 0);

        await predictor.UpdateModelAsync("better.zip"); // or a fitted model

        Assert.Equal(2, predictor.Status.ModelVersion);
    }

    [Fact]
    public async Task The_block_on_hosting_runs()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();

        builder.Services.AddVisionPredictor(options => options.ModelFile = "model.zip").BindConfiguration("VisionPredictor");
        builder.Services.AddHealthChecks().AddVisionPredictor();

        builder.Services.AddKeyedVisionPredictor("cats", options => options.ModelFile = "cats.zip");
        builder.Services.AddKeyedVisionPredictor("dogs", options => options.ModelFile = "dogs.zip");

        await using WebApplication app = builder.Build();

        app.MapPost(
            "/predict",
            async (HttpRequest request, VisionPredictor predictor, CancellationToken cancellation) =>
            {
                VisionPrediction prediction = await predictor.PredictAsync(request.Body, cancellation);
                return new { prediction.Label, prediction.Score };
            }
        );
        app.MapHealthChecks("/health");

        await app.StartAsync();
        using HttpClient client = app.GetTestClient();
        HttpResponseMessage response = await client.PostAsync("/predict", new ByteArrayContent(_images.Encoded[2]));
        Assert.Equal("blue", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("label").GetString());
        Assert.Equal("Healthy", await client.GetStringAsync("/health"));
        Assert.NotSame(
            app.Services.GetRequiredKeyedService<VisionPredictor>("cats"),
            app.Services.GetRequiredKeyedService<VisionPredictor>("dogs")
        );
    }
}
