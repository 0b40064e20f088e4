using System.Net;
using MLNetExtensions.TestData.Photos;
using SkiaSharp;
using WebAppSample.Predicting;
using Xunit;

namespace MLNetExtensions.WebApp.Tests;

public sealed class PredictingTests : IAsyncLifetime
{
    private RunningApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await RunningApp.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("420.jpg")]
    [InlineData("progressive.jpg")]
    [InlineData("cmyk.jpg")]
    [InlineData("rgb.png")]
    [InlineData("alpha.png")]
    [InlineData("lossy.webp")]
    [InlineData("still.gif")]
    [InlineData("rgb.bmp")]
    public async Task An_image_of_each_type_is_predicted(string file)
    {
        HttpResponseMessage response = await _app.PostAsync("/api/predict", await File.ReadAllBytesAsync(PhotoFiles.PathOf(file)));

        PredictionAnswer answer = await RunningApp.ReadAsync<PredictionAnswer>(response);
        Assert.Equal(5, answer.Top.Count);
        Assert.Equal((answer.Label, answer.Score), (answer.Top[0].Label, answer.Top[0].Score));
        Assert.Equal(answer.Top.OrderByDescending(known => known.Score), answer.Top);
        Assert.InRange(answer.Top.Sum(known => known.Score), 0.5, 1.0001);
        Assert.Equal(1, answer.Model.Id);
    }

    [Fact]
    public async Task A_form_gives_the_same_answer_as_a_body_whatever_its_file_is_called()
    {
        byte[] image = await File.ReadAllBytesAsync(PhotoFiles.PathOf("rgb.png"));
        using var form = new MultipartFormDataContent { { new ByteArrayContent(image), "file", "program.exe" } };

        PredictionAnswer body = await RunningApp.ReadAsync<PredictionAnswer>(await _app.PostAsync("/api/predict", image)),
            file = await RunningApp.ReadAsync<PredictionAnswer>(await _app.Client.PostAsync("/api/predict", form));

        Assert.Equal(body.Label, file.Label);
        Assert.Equal(body.Score, file.Score, 1e-5f);
    }

    [Fact]
    public async Task Many_callers_get_their_own_answers()
    {
        byte[][] images = [.. Enumerable.Range(0, 24).Select(i => DrawnPhoto.Encode(seed: i, 64, 48))];
        var alone = new List<float>();
        foreach (byte[] image in images)
            alone.Add((await RunningApp.ReadAsync<PredictionAnswer>(await _app.PostAsync("/api/predict", image))).Score);

        PredictionAnswer[] together = await Task.WhenAll(
            Enumerable
                .Range(0, 10 * images.Length)
                .Select(async i =>
                    await RunningApp.ReadAsync<PredictionAnswer>(await _app.PostAsync("/api/predict", images[i % images.Length]))
                )
        );

        for (int i = 0; i < together.Length; i++)
            Assert.Equal(alone[i % images.Length], together[i].Score, 1e-4f);
    }

    [Fact]
    public async Task An_explanation_has_a_value_for_each_region_and_a_translucent_overlay()
    {
        byte[] image = DrawnPhoto.Encode(seed: 3, 300, 150);

        ExplanationAnswer answer = await RunningApp.ReadAsync<ExplanationAnswer>(await _app.PostAsync("/api/explain", image));

        Assert.Equal((10, 5), (answer.Columns, answer.Rows));
        Assert.Equal(50, answer.Drops.Count);
        Assert.True(answer.Drops.Max() > 0, "No region matters.");
        using SKBitmap overlay = SKBitmap.Decode(Convert.FromBase64String(answer.Overlay.Split(',')[1]));
        Assert.Equal((10, 5), (overlay.Width, overlay.Height));
        int strongest = answer.Drops.ToList().IndexOf(answer.Drops.Max());
        Assert.Equal(200, overlay.GetPixel(strongest % 10, strongest / 10).Alpha);
        int weakest = answer.Drops.ToList().IndexOf(answer.Drops.Min());
        Assert.True(overlay.GetPixel(weakest % 10, weakest / 10).Alpha < 200);
    }

    [Fact]
    public async Task A_photo_on_its_side_is_explained_upright()
    {
        // EXIF orientation 6 (turn right) in an APP1 segment behind the first two bytes.
        byte[] photo = DrawnPhoto.Encode(seed: 3, 300, 150);
        byte[] exif = [.. "Exif\0\0MM\0*"u8, .. (byte[])[0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]];
        byte[] turned = [.. photo[..2], 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. photo[2..]];

        ExplanationAnswer answer = await RunningApp.ReadAsync<ExplanationAnswer>(await _app.PostAsync("/api/explain", turned));

        Assert.Equal((5, 10), (answer.Columns, answer.Rows));
    }

    [Fact]
    public async Task A_method_that_there_is_not_is_refused()
    {
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _app.Client.GetAsync("/api/predict")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.GetAsync("/api/nothing")).StatusCode);
    }
}
