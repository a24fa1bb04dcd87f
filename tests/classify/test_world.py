"""Items of the kinds that occur in the world, written for this test: what is told decides, not which words are used."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.classify.judge import Judge
from monitor.domain.item import Article
from monitor.domain.judgement import Decision
from monitor.watchlists.loader import load

RELEVANT = (
    (
        "2025-05-06",
        "Tokyo and New Delhi agree to set up a defence industry forum",
        "Officials of both ministries will meet each quarter.",
    ),
    (
        "2026-01-16",
        "Koizumi and Rajnath Singh talk by phone",
        "The ministers agreed to hold joint exercises more often and to look at jet engines.",
    ),
    (
        "2024-10-17",
        "Indian Army chief Upendra Dwivedi in Tokyo",
        "He called on the chief of staff of the Ground Self-Defense Force.",
    ),
    ("2023-07-05", "JIMEX 23 opens at Visakhapatnam", "JS Samidare joins INS Delhi for six days in the Bay of Bengal."),
    (
        "2023-01-12",
        "Su-30s land at Hyakuri for first fighter drill with Japan",
        "Veer Guardian pairs the Indian Air Force with the JASDF.",
    ),
    (
        "2024-07-30",
        "Japanese destroyer calls at Mumbai",
        "Crews played volleyball, held a yoga session and sailed for a passing exercise with the Indian Navy.",
    ),
    (
        "2025-08-29",
        "Modi, Ishiba renew security declaration",
        "India and Japan updated the text on security cooperation; defence equipment has a chapter of its own.",
    ),
    ("2024-03-07", "India, Japan hold space security talks", "Officials of the two foreign ministries met in Tokyo."),
    (
        "2022-06-30",
        "Fifth India-Japan cyber dialogue",
        "The two sides spoke of threats and of working together in the United Nations.",
    ),
    (
        "2025-02-06",
        "India, France, Japan and Australia navies sail in La Pérouse",
        "The Indian Navy and the JMSDF took part in the multilateral exercise led by France.",
    ),
    (
        "2024-09-21",
        "Quad leaders announce coast guard ship-observer mission",
        "Coast guards of India, Japan, Australia and the United States will sail together for maritime security.",
    ),
    (
        "2019-11-04",
        "India wants Japan to train with its air force",
        "The air forces of the two countries may meet in Assam, an official said.",
    ),
    ("2024-11-22", "भारत और जापान के रक्षा मंत्रियों की वियनतियाने में मुलाकात", "दोनों ने रक्षा उद्योग में सहयोग पर बात की।"),
    ("2024-02-26", "राजस्थान में भारत-जापान का संयुक्त सैन्य अभ्यास धर्म गार्जियन शुरू", "दोनों सेनाओं के 40-40 जवान शामिल हैं।"),
    ("2025-07-10", "चेन्नई पहुंचा जापानी तटरक्षक बल का जहाज", "भारतीय तटरक्षक बल के साथ साझा अभ्यास होगा।"),
    ("2024-06-11", "जापान के साथ जिमेक्स: योकोसुका पहुंचा आईएनएस शिवालिक", "भारतीय नौसेना का जहाज द्विपक्षीय अभ्यास में भाग लेगा।"),
    (
        "2025-05-05",
        "日印防衛相、共同訓練の拡大で一致",
        "中谷防衛相とシン国防相がニューデリーで会談し、新たな協議体の設置でも合意した。",
    ),
    (
        "2024-08-20",
        "外務・防衛閣僚協議へ木原防衛相がインド訪問",
        "日印両政府はニューデリーで2プラス2を開き、装備移転を話し合う。",
    ),
    ("2023-01-10", "空自とインド空軍、初の戦闘機共同訓練 百里で", "インド空軍のスホイ30が参加し、F2戦闘機と訓練する。"),
    ("2024-11-15", "艦艇用アンテナ「ユニコーン」、インドへ移転で覚書", "防衛装備庁とインド側が署名した。"),
    ("2023-03-02", "陸自、インド陸軍と滋賀で実動訓練", "ダルマ・ガーディアンは4回目で、市街地戦闘などを演練した。"),
    ("2024-12-05", "海自練習艦隊がムンバイ寄港 インド海軍と親善訓練", "実習幹部が現地の小学校で日本の歌を披露した。"),
)

IRRELEVANT = (
    (
        "2025-06-01",
        "India-Japan friendship concert held at naval museum",
        "A taiko band and a sitar player shared the stage near an old submarine.",
    ),
    (
        "2025-06-03",
        "Japan's women beat India to reach Asian Games hockey final",
        "The defence held firm after a late attack; the captain praised her army of fans.",
    ),
    (
        "2025-06-04",
        "India and Japan sign loan for Chennai metro",
        "The agreement was signed in New Delhi by the ambassador; security cameras are part of the project.",
    ),
    (
        "2025-06-05",
        "Rajnath Singh hosts French defence minister",
        "Rafale deliveries were discussed. The French minister goes on to Japan next week.",
    ),
    (
        "2025-06-06",
        "Japan and Australia deepen defence ties with frigate deal",
        "Koizumi met Marles in Tokyo. India follows the Mogami programme with interest, an analyst said.",
    ),
    (
        "2025-06-07",
        "Indian Army and US Army begin exercise in Rajasthan",
        "American soldiers based in Japan flew in for the drill.",
    ),
    (
        "2025-06-08",
        "Defence shares climb in Mumbai and Tokyo",
        "Hindustan Aeronautics and Mitsubishi Heavy rose; investors in India and Japan hope for orders.",
    ),
    (
        "2025-06-09",
        "Kohima remembers: Indian and Japanese families meet at war cemetery",
        "Veterans' grandchildren laid wreaths for soldiers of 1944.",
    ),
    (
        "2025-06-10",
        "Quiz: which exercise is held by India and Japan?",
        "Dharma Guardian, Varuna or Garuda Shakti? Fifty questions on defence for the exam.",
    ),
    (
        "2025-06-11",
        "Dharma Guardian raid boss arrives in update 2.1",
        "The Japanese studio says Indian players get their own server for the game.",
    ),
    (
        "2025-06-12",
        "UN vote: India abstains, Japan backs text on Ukraine war",
        "The resolution calls for an end to military operations.",
    ),
    (
        "2025-06-13",
        "Suzuki recalls cars in India after airbag defect",
        "The Japanese carmaker said a general inspection would follow; no attack on its data was found.",
    ),
    (
        "2025-06-14",
        "North Korea fires missile towards Sea of Japan",
        "India's envoy at the United Nations condemned the launch; Japan lodged a protest.",
    ),
    (
        "2025-06-15",
        "Two Indian navy veterans open ramen shop in Kochi",
        "They learned to cook in Yokosuka, Japan, after leaving the service.",
    ),
    (
        "2025-06-16",
        "Fire breaks out at Tokyo hotel, Indian tourists safe",
        "Troops of volunteers helped; the embassy is in contact.",
    ),
    (
        "2025-06-17",
        "US, Japan, South Korea hold drill off Jeju",
        "The three navies sailed together. India was among the observers of last year's edition.",
    ),
    (
        "2025-06-18",
        "Takaichi orders faster defence build-up",
        "Japan's budget rises again; neighbours from China to India take note.",
    ),
    (
        "2025-06-19",
        "India test-fires Agni missile",
        "The defence ministry said all aims were met. Tokyo had no comment.",
    ),
    ("2025-06-20", "हॉकी: भारत ने जापान को हराया", "भारतीय रक्षा पंक्ति ने जापान के हर हमले को रोका।"),
    ("2025-06-21", "जापान से बुलेट ट्रेन के लिए कर्ज पर समझौता", "भारत को 40 अरब येन मिलेंगे; सुरक्षा उपकरण भी खरीदे जाएंगे।"),
    (
        "2025-06-22",
        "रूस के साथ रक्षा मंत्री की बैठक, एस-400 पर बात",
        "राजनाथ सिंह ने मॉस्को में कहा कि जापान समेत सभी मित्र देशों से संबंध अच्छे हैं।",
    ),
    ("2025-06-23", "インド代表がサッカー日本代表と対戦へ", "守備の防衛ラインが課題だ。"),
    ("2025-06-24", "日豪、護衛艦の共同開発で合意", "豪国防相が来日した。インド洋での活動も念頭に置く。"),
    ("2025-06-25", "インドの半導体工場に日本企業が出資", "経済安全保障の観点から両国政府が後押しする。"),
    ("2025-06-26", "インパール作戦80年、遺族が慰霊の旅", "旧日本軍の兵士らが眠るインド北東部を訪れた。"),
    ("2025-06-27", "インド海軍、ロシアで新型フリゲートを受領", "国防相が式典に出席した。"),
)


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(load("india_japan"))


def article(day: str, title: str, summary: str) -> Article:
    time = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return Article(title, summary, None, time, time)


@pytest.mark.parametrize(("day", "title", "summary"), RELEVANT)
def test_what_is_about_the_relation_is_accepted(judge: Judge, day: str, title: str, summary: str) -> None:
    assert judge.judge(article(day, title, summary)).decision is Decision.ACCEPT


@pytest.mark.parametrize(("day", "title", "summary"), IRRELEVANT)
def test_what_is_not_about_the_relation_is_never_accepted(judge: Judge, day: str, title: str, summary: str) -> None:
    assert judge.judge(article(day, title, summary)).decision is not Decision.ACCEPT
