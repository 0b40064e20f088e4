using System.Net;
using System.Net.Http.Json;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;
using SkiaSharp;
using WebAppSample.Labeling;
using Xunit;

namespace MLNetExtensions.WebApp.Tests;

public sealed class LabelingTests : IAsyncLifetime
{
    private RunningApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await RunningApp.StartAsync(null, ("WebApp:StoredSide", 200));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task An_image_is_stored_once()
    {
        byte[] image = DrawnPhoto.Encode(seed: 1, 64, 48);

        HttpResponseMessage first = await _app.PostAsync("/api/images?name=photo.jpg", image),
            second = await _app.PostAsync("/api/images?name=other.jpg", image);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal(await RunningApp.ReadAsync<PhotoAnswer>(first), await RunningApp.ReadAsync<PhotoAnswer>(second));
        Assert.Equal("photo.jpg", Assert.Single(await ImagesAsync()).Name);
    }

    [Fact]
    public async Task The_same_image_sent_many_times_at_once_is_stored_once()
    {
        byte[] image = DrawnPhoto.Encode(seed: 1, 64, 48);

        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _app.PostAsync("/api/images", image)));

        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.Created);
        Assert.Equal(15, responses.Count(response => response.StatusCode == HttpStatusCode.OK));
        Assert.Single(await ImagesAsync());
    }

    [Fact]
    public async Task An_image_whose_file_cannot_be_written_is_not_stored()
    {
        using var folder = new TemporaryFolder();
        await using RunningApp app = await RunningApp.StartAsync(folder.Path);
        string images = Path.Combine(folder.Path, "images");
        Directory.Delete(images);

        HttpResponseMessage failed = await app.PostAsync("/api/images", DrawnPhoto.Encode(seed: 1, 64, 48));
        List<PhotoAnswer> left = await app.GetAsync<List<PhotoAnswer>>("/api/images");
        Directory.CreateDirectory(images);
        HttpResponseMessage again = await app.PostAsync("/api/images", DrawnPhoto.Encode(seed: 1, 64, 48));

        Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        Assert.Empty(left);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
    }

    [Fact]
    public async Task A_stored_image_is_smaller_and_holds_nothing_but_pixels()
    {
        byte[] polyglot = [.. DrawnPhoto.Encode(seed: 1, 400, 300), .. "PK\x03\x04<script>alert(1)</script>"u8];

        PhotoAnswer stored = await RunningApp.ReadAsync<PhotoAnswer>(await _app.PostAsync("/api/images", polyglot));
        HttpResponseMessage response = await _app.Client.GetAsync(stored.File);
        byte[] file = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal((200, 150), (stored.Width, stored.Height));
        using SKBitmap bitmap = SKBitmap.Decode(file);
        Assert.Equal((200, 150), (bitmap.Width, bitmap.Height));
        Assert.Equal(-1, file.AsSpan().IndexOf("<script>"u8));
        Assert.Equal("image/jpeg", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task A_label_is_given_counted_changed_and_taken_away()
    {
        PhotoAnswer photo = await RunningApp.ReadAsync<PhotoAnswer>(
            await _app.PostAsync("/api/images", DrawnPhoto.Encode(seed: 1, 64, 48))
        );
        await AddClassAsync("rose");
        await AddClassAsync("tulip");

        await LabelAsync(photo.Id, "rose");
        Assert.Equal([new ClassAnswer("rose", 1), new ClassAnswer("tulip", 0)], await ClassesAsync());
        Assert.Single(await ImagesAsync("?label=rose"));
        Assert.Empty(await ImagesAsync("?unlabeled=true"));

        await LabelAsync(photo.Id, "tulip");
        Assert.Equal([new ClassAnswer("rose", 0), new ClassAnswer("tulip", 1)], await ClassesAsync());

        await LabelAsync(photo.Id, null);
        Assert.Single(await ImagesAsync("?unlabeled=true"));
    }

    [Fact]
    public async Task Labels_that_there_are_not_and_names_that_cannot_be_are_refused()
    {
        PhotoAnswer photo = await RunningApp.ReadAsync<PhotoAnswer>(
            await _app.PostAsync("/api/images", DrawnPhoto.Encode(seed: 1, 64, 48))
        );
        await AddClassAsync("rose");

        Assert.Equal(HttpStatusCode.BadRequest, await Put(photo.Id, "no class"));
        Assert.Equal(HttpStatusCode.NotFound, await Put(photo.Id + 1, "rose"));
        Assert.Equal(HttpStatusCode.Conflict, await Post("rose"));
        Assert.Equal(HttpStatusCode.BadRequest, await Post("   "));
        Assert.Equal(HttpStatusCode.BadRequest, await Post(new string('a', 61)));
        Assert.Equal(HttpStatusCode.BadRequest, await Post("a\nb"));

        async Task<HttpStatusCode> Put(int id, string label) =>
            (await _app.Client.PutAsJsonAsync($"/api/images/{id}/label", new LabelRequest(label))).StatusCode;
        async Task<HttpStatusCode> Post(string name) =>
            (await _app.Client.PostAsJsonAsync("/api/classes", new ClassRequest(name))).StatusCode;
    }

    [Fact]
    public async Task A_class_in_use_stays_and_a_deleted_image_is_gone()
    {
        await AddClassAsync("rose / red");
        PhotoAnswer photo = await RunningApp.ReadAsync<PhotoAnswer>(
            await _app.PostAsync("/api/images?label=rose%20/%20red", DrawnPhoto.Encode(seed: 1, 64, 48))
        );

        HttpResponseMessage inUse = await _app.Client.DeleteAsync("/api/classes?name=rose%20%2F%20red"),
            deleted = await _app.Client.DeleteAsync($"/api/images/{photo.Id}"),
            again = await _app.Client.DeleteAsync($"/api/images/{photo.Id}"),
            file = await _app.Client.GetAsync(photo.File),
            unused = await _app.Client.DeleteAsync("/api/classes?name=rose%20%2F%20red");

        Assert.Equal(
            [HttpStatusCode.Conflict, HttpStatusCode.NoContent, HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NoContent],
            new[] { inUse, deleted, again, file, unused }.Select(response => response.StatusCode)
        );
        Assert.Empty(await ClassesAsync());
    }

    [Fact]
    public async Task No_more_images_are_stored_than_allowed()
    {
        await using RunningApp app = await RunningApp.StartAsync(null, ("WebApp:MaxStoredImages", 2));
        for (int i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.Created, (await app.PostAsync("/api/images", DrawnPhoto.Encode(seed: i, 64, 48))).StatusCode);

        HttpResponseMessage third = await app.PostAsync("/api/images", DrawnPhoto.Encode(seed: 2, 64, 48));

        Assert.Equal(HttpStatusCode.Conflict, third.StatusCode);
        Assert.Contains("MaxStoredImages", await third.Content.ReadAsStringAsync());
    }

    private Task<List<PhotoAnswer>> ImagesAsync(string query = "") => _app.GetAsync<List<PhotoAnswer>>($"/api/images{query}");

    private Task<List<ClassAnswer>> ClassesAsync() => _app.GetAsync<List<ClassAnswer>>("/api/classes");

    private async Task AddClassAsync(string name) =>
        (await _app.Client.PostAsJsonAsync("/api/classes", new ClassRequest(name))).EnsureSuccessStatusCode();

    private async Task LabelAsync(int id, string? label) =>
        (await _app.Client.PutAsJsonAsync($"/api/images/{id}/label", new LabelRequest(label))).EnsureSuccessStatusCode();
}
