using Microsoft.Extensions.Options;
using Xunit;

namespace MLNetExtensions.WebApp.Tests;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("WebApp:PredictionsPerSecond", "0")]
    [InlineData("WebApp:MaxImagePixels", "-1")]
    [InlineData("WebApp:TestFraction", "0.9")]
    public async Task A_setting_out_of_range_stops_the_start_and_is_named(string name, string value)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => RunningApp.StartAsync(null, (name, value)));

        Assert.Contains(name.Split(':')[1], error.Message);
    }
}
